/** What the parts of a model's pane are made of. */

import { type Child, h } from './dom.js';

export function section(title: string, ...children: Child[]): HTMLElement {
  return h('section', { 'aria-label': title }, h('h3', {}, title), ...children);
}

/** A part that scrolls sideways by itself: the keyboard must get to it. */
export function wide(label: string, ...children: Child[]): HTMLElement {
  return h('div', { class: 'wide', tabindex: 0, role: 'group', 'aria-label': label }, ...children);
}

/** What is known, term by term. */
export function factTable(pairs: [string, Child][]): HTMLElement {
  return h('dl', { class: 'facts' }, ...pairs.flatMap(([term, value]) => [h('dt', {}, term), h('dd', {}, value)]));
}

interface Cells {
  headings: string[];
  /** Columns of figures. */
  numbers?: readonly number[];
  rows: Child[][];
}

/** The first cell of each row names it. */
export function dataTable(caption: string, { headings, numbers = [], rows }: Cells): HTMLElement {
  const kind = (index: number) => (numbers.includes(index) ? 'number' : null);
  const cell = (value: Child, index: number) =>
    index === 0 ? h('th', { scope: 'row', class: kind(index) }, value) : h('td', { class: kind(index) }, value);
  return h(
    'table',
    {},
    h('caption', { class: 'hidden' }, caption),
    h('thead', {}, h('tr', {}, ...headings.map((text, index) => h('th', { scope: 'col', class: kind(index) }, text)))),
    h('tbody', {}, ...rows.map((row) => h('tr', {}, ...row.map(cell)))),
  );
}
