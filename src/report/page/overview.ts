/** The head of the page: what the run was, how many models ended how, and what failed with which code. */

import type { ModelRow, RunFacts, Status } from './data.js';
import { h, named, part } from './dom.js';
import { wide } from './section.js';
import { adviceOf, count, duration, plural } from './text.js';

const STATUSES: readonly Status[] = ['converted', 'cached', 'failed', 'skipped'];

const MARKS: Record<Status, string> = { converted: '✓', cached: '≡', failed: '✗', skipped: '–' };

/** Names under a code before the rest is a number. */
const MOST_NAMES = 3;

interface OverviewActions {
  /** The status that the table is held to; '' for all. */
  status: string;
  onStatus: (status: string) => void;
  onCode: (code: string) => void;
}

export function statusMark(status: Status): HTMLElement {
  return h('span', { class: `status ${status}` }, h('span', { 'aria-hidden': 'true' }, MARKS[status]), ` ${status}`);
}

export function showRun({ started, seconds, executor, jobs, predictable, finished }: RunFacts): void {
  const facts = [
    `started ${started.replace('T', ' ').replace(/(?:\.\d+)?Z$/, ' UTC')}`,
    finished ? `took ${duration(seconds * 1000)}` : 'not finished',
    `${executor} executor, ${plural(jobs, 'job')}`,
    `predictable ${predictable}`,
  ];
  part('facts').replaceChildren(facts.join(' · '));
}

export function showTotals({ totals }: RunFacts, { status, onStatus }: OverviewActions): void {
  const tile = (key: string, label: string, value: number) =>
    h(
      'button',
      {
        type: 'button',
        class: `tile ${key}`,
        'aria-pressed': key === '' ? null : String(status === key),
        disabled: key !== '' && value === 0,
        onclick: () => onStatus(status === key ? '' : key),
      },
      h('b', {}, count(value)),
      h('span', {}, ` ${label}`),
    );
  const pressed = document.activeElement?.closest('.tile')?.className;
  part('totals').replaceChildren(
    tile('', totals.models === 1 ? 'model' : 'models', totals.models),
    ...STATUSES.map((key) => tile(key, key, totals[key])),
  );
  if (pressed !== undefined) {
    for (const button of part('totals').querySelectorAll('button')) if (button.className === pressed) button.focus();
  }
  const done = STATUSES.reduce((sum, key) => sum + totals[key], 0);
  const shares: [string, number][] = [
    ...STATUSES.map((key): [string, number] => [key, totals[key]]),
    ['rest', totals.models - done],
  ];
  part('bar').replaceChildren(
    ...shares
      .filter(([, models]) => models > 0)
      .map(([key, models]) => {
        const share = h('i', { class: key });
        share.style.flexGrow = String(models);
        return share;
      }),
  );
}

export function showFailures(rows: readonly ModelRow[], { onCode }: OverviewActions): void {
  const byCode = new Map<string, ModelRow[]>();
  for (const row of rows) {
    if (row.code === undefined) continue;
    const same = byCode.get(row.code);
    if (same === undefined) byCode.set(row.code, [row]);
    else same.push(row);
  }
  part('failures').hidden = byCode.size === 0;
  const groups = [...byCode].sort(([, a], [, b]) => b.length - a.length);
  part('failures-table').replaceChildren(
    wide(
      'Failures',
      h(
        'table',
        { class: 'failures' },
        h('thead', {}, h('tr', {}, ...['Code', 'Models', 'Which', 'What to do'].map(heading))),
        h('tbody', {}, ...groups.map(([code, group]) => failureRow(code, group, onCode))),
      ),
    ),
  );
}

function heading(text: string): HTMLElement {
  return h('th', { scope: 'col', class: text === 'Models' ? 'number' : null }, text);
}

function failureRow(code: string, group: ModelRow[], onCode: (code: string) => void): HTMLElement {
  const names = group
    .slice(0, MOST_NAMES)
    .flatMap(({ name }, index) => [
      index > 0 ? ', ' : '',
      h('a', { href: `#${encodeURIComponent(name)}` }, named(name)),
    ]);
  const left = group.length - MOST_NAMES;
  return h(
    'tr',
    {},
    h(
      'th',
      { scope: 'row' },
      h('button', { type: 'button', class: 'code', onclick: () => onCode(code), title: 'Show these models' }, code),
    ),
    h('td', { class: 'number' }, count(group.length)),
    h('td', { class: 'names' }, ...names, left > 0 ? ` and ${count(left)} more` : null),
    h('td', { class: 'advice' }, adviceOf(group.map(({ hint }) => hint))),
  );
}
