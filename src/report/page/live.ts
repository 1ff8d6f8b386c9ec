/** The page while the run goes on: results come as server-sent events, and the page stays when the run has ended. */

import type { ModelRow, RunFacts } from './data.js';
import { h, part } from './dom.js';
import { count, duration, plural } from './text.js';

interface LiveActions {
  /** The page connects, or what it has is another run's: everything anew. */
  onSnapshot: (run: RunFacts) => void;
  onResults: (rows: ModelRow[], run: RunFacts) => void;
  /** The run is over; the page fetches what it needs to do without the server. */
  onEnd: (run: RunFacts) => Promise<void>;
}

interface Progress {
  done: number;
  total: number;
  /** Milliseconds until the end, where it can be told. */
  left?: number;
}

/** Results of this many milliseconds are shown at once. */
const GATHERED = 250;

export function followRun({ onSnapshot, onResults, onEnd }: LiveActions): void {
  const place = part('live');
  place.hidden = false;
  const bar = h('progress', { max: 1, 'aria-label': 'Models that are done' });
  const text = h('span', { role: 'status' }, 'connecting …');
  const figures = h('span', { class: 'dim' });
  place.replaceChildren(h('b', { class: 'dot', 'aria-hidden': 'true' }), text, bar, figures);
  let ended = false;
  let gathered: ModelRow[] = [];
  let latest: RunFacts | undefined;
  let waiting = false;
  const show = () => {
    waiting = false;
    const rows = gathered;
    gathered = [];
    if (latest !== undefined) onResults(rows, latest);
  };
  const events = new EventSource('events');
  const on = <T>(name: string, act: (value: T) => void) =>
    events.addEventListener(name, (event) => act(JSON.parse((event as MessageEvent<string>).data) as T));
  events.addEventListener('open', () => {
    text.textContent = 'running';
  });
  on<{ run: RunFacts }>('snapshot', ({ run }) => {
    gathered = [];
    onSnapshot(run);
  });
  on<{ rows: ModelRow[]; run: RunFacts }>('results', ({ rows, run }) => {
    gathered.push(...rows);
    latest = run;
    if (!waiting) setTimeout(show, GATHERED);
    waiting = true;
  });
  on<Progress>('progress', ({ done, total, left }) => {
    bar.max = Math.max(1, total);
    bar.value = done;
    figures.textContent = `${count(done)} of ${plural(total, 'model')}${left === undefined ? '' : `, ${duration(left)} left`}`;
  });
  on<RunFacts>('end', async (run) => {
    ended = true;
    show();
    await onEnd(run);
    events.close();
    bar.remove();
    figures.remove();
    place.classList.add('ended');
    text.textContent = run.finished ? 'The run has ended.' : 'The run was interrupted.';
  });
  events.addEventListener('error', () => {
    if (!ended) text.textContent = 'The connection is lost; what is here stays. Trying again …';
  });
}
