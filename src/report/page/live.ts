/** The page while the run goes on: results come as server-sent events, and the page stays when the run has ended. */

import type { ModelRow, RunFacts } from './data.js';
import { h, part } from './dom.js';
import { plural } from './text.js';

export interface LiveActions {
  /** Everything anew: when the page connects, or has missed something. */
  onSnapshot: (run: RunFacts, rows: ModelRow[]) => void;
  onResults: (rows: ModelRow[]) => void;
  onRun: (run: RunFacts) => void;
}

interface Progress {
  done: number;
  total: number;
  /** Milliseconds until the end, where it can be told. */
  left?: number;
}

/** Results of this many milliseconds are shown at once. */
const GATHERED = 250;

export function followRun({ onSnapshot, onResults, onRun }: LiveActions): void {
  const place = part('live');
  place.hidden = false;
  const bar = h('progress', { max: 1, 'aria-label': 'Models that are done' });
  const text = h('span', {}, 'connecting …');
  place.replaceChildren(h('b', { class: 'dot', 'aria-hidden': 'true' }), text, bar);
  let ended = false;
  let gathered: ModelRow[] = [];
  let waiting = false;
  const show = () => {
    waiting = false;
    const rows = gathered;
    gathered = [];
    onResults(rows);
  };
  const events = new EventSource('events');
  const on = <T>(name: string, act: (value: T) => void) =>
    events.addEventListener(name, (event) => act(JSON.parse((event as MessageEvent<string>).data) as T));
  on<{ run: RunFacts; rows: ModelRow[] }>('snapshot', ({ run, rows }) => {
    gathered = [];
    text.textContent = 'running';
    onSnapshot(run, rows);
  });
  on<{ row: ModelRow; run: RunFacts }>('result', ({ row, run }) => {
    gathered.push(row);
    onRun(run);
    if (!waiting) setTimeout(show, GATHERED);
    waiting = true;
  });
  on<Progress>('progress', ({ done, total }) => {
    bar.max = Math.max(1, total);
    bar.value = done;
    text.textContent = `running: ${done.toLocaleString('en-US')} of ${plural(total, 'model')}`;
  });
  on<RunFacts>('end', (run) => {
    ended = true;
    events.close();
    onRun(run);
    bar.remove();
    place.classList.add('ended');
    text.textContent = run.finished ? 'The run has ended.' : 'The run was interrupted.';
  });
  events.addEventListener('error', () => {
    if (!ended) text.textContent = 'The connection is lost; what is here stays. Trying again …';
  });
}
