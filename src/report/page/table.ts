/** The table of models: sortable, walked through with the arrow keys, and drawn as far as it is looked at. */

import { HEADINGS } from './columns.js';
import type { ModelRow } from './data.js';
import { h, part } from './dom.js';
import type { Searchable, Sort, SortKey } from './filter.js';
import { plural } from './text.js';

/** Rows that are drawn at once: more than any window shows. */
const BATCH = 100;

/** Rows that PageUp and PageDown pass. */
const PAGE = 15;

interface TableActions {
  onSort: (key: SortKey) => void;
  /** The keyboard went to another model. */
  onMove: (name: string) => void;
}

export class ModelTable {
  private rows: readonly Searchable[] = [];
  private drawn = 0;
  /** The model that Tab comes to. */
  private current = '';
  private open: string | null = null;
  private readonly body = h('tbody', { onkeydown: (event) => this.walk(event as KeyboardEvent) });
  private readonly table = h('table', { class: 'models', 'aria-describedby': 'p-keys' });
  private readonly headings = new Map<SortKey, HTMLElement>();
  private readonly more = h('button', { type: 'button', class: 'quiet', onclick: () => this.draw(this.rows.length) });

  constructor(private readonly actions: TableActions) {
    const cells = HEADINGS.map(({ key, title, says, number }) => {
      const button = h('button', { type: 'button', title: says, onclick: () => actions.onSort(key) }, title);
      const cell = h('th', { scope: 'col', class: `c-${key}${number ? ' number' : ''}` }, button);
      this.headings.set(key, cell);
      return cell;
    });
    this.table.append(
      h('caption', { class: 'hidden' }, 'Models of the run'),
      h('thead', {}, h('tr', {}, ...cells)),
      this.body,
    );
    part('models').replaceChildren(this.table);
    part('more').replaceChildren(this.more);
    new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) this.draw(this.drawn + BATCH);
    }).observe(part('more'));
    // Paper has no place to scroll to.
    window.addEventListener('beforeprint', () => this.draw(this.rows.length));
  }

  show(rows: readonly Searchable[], { key, descending }: Sort): void {
    const focused = this.body.contains(document.activeElement);
    const before = this.drawn;
    this.rows = rows;
    this.drawn = 0;
    if (!rows.some(({ row }) => row.name === this.current)) this.current = rows[0]?.row.name ?? '';
    for (const [name, cell] of this.headings) {
      if (name === key) cell.setAttribute('aria-sort', descending ? 'descending' : 'ascending');
      else cell.removeAttribute('aria-sort');
    }
    this.table.setAttribute('aria-rowcount', String(rows.length + 1));
    this.body.replaceChildren();
    this.draw(focused ? before : BATCH);
    if (focused) this.focus(this.current);
  }

  /** Marks the model that is open; null for none. */
  mark(name: string | null): void {
    this.open = name;
    if (name !== null) {
      this.current = name;
      this.reach(name);
    }
    for (const row of this.body.rows) this.dress(row);
  }

  /** The keyboard goes to the model, or to the first there is. */
  focus(name: string): void {
    const wanted = this.rows.some(({ row }) => row.name === name) ? name : (this.rows[0]?.row.name ?? '');
    if (wanted === '') return;
    this.current = wanted;
    this.reach(wanted);
    for (const row of this.body.rows) {
      this.dress(row);
      if (row.dataset.name === wanted) row.querySelector('a')?.focus();
    }
  }

  /** The model before or behind; undefined at the ends. */
  neighbour(name: string, step: number): string | undefined {
    const index = this.rows.findIndex(({ row }) => row.name === name);
    return index < 0 ? undefined : this.rows[index + step]?.row.name;
  }

  private reach(name: string): void {
    this.draw(this.rows.findIndex(({ row }) => row.name === name) + 1);
  }

  private draw(upTo: number): void {
    const end = Math.min(this.rows.length, upTo);
    if (end > this.drawn) {
      const fragment = document.createDocumentFragment();
      for (let index = this.drawn; index < end; index++) {
        const row = this.rows[index]?.row;
        if (row !== undefined) fragment.append(this.tableRow(row, index));
      }
      this.body.append(fragment);
      this.drawn = end;
    }
    const left = this.rows.length - this.drawn;
    part('more').hidden = left <= 0;
    this.more.textContent = `Show all: ${plural(left, 'further model')}`;
  }

  private tableRow(row: ModelRow, index: number): HTMLTableRowElement {
    const cells = HEADINGS.map(({ key, number, cell }) => {
      const kind = `c-${key}${number ? ' number' : ''}`;
      return key === 'name'
        ? h('th', { scope: 'row', class: kind }, ...cell(row))
        : h('td', { class: kind }, ...cell(row));
    });
    const made = h('tr', { 'data-name': row.name, 'aria-rowindex': index + 2 }, ...cells);
    this.dress(made);
    return made;
  }

  private dress(row: HTMLTableRowElement): void {
    const { name } = row.dataset;
    const link = row.querySelector('a');
    if (link !== null) {
      link.tabIndex = name === this.current ? 0 : -1;
      if (name === this.open) link.setAttribute('aria-current', 'true');
      else link.removeAttribute('aria-current');
    }
    row.classList.toggle('open', name === this.open);
  }

  private walk(event: KeyboardEvent): void {
    const from = event.target instanceof Element ? event.target.closest('tr')?.dataset.name : undefined;
    const index = this.rows.findIndex(({ row }) => row.name === from);
    const steps: Record<string, number> = {
      ArrowDown: index + 1,
      ArrowUp: index - 1,
      PageDown: index + PAGE,
      PageUp: index - PAGE,
      Home: 0,
      End: this.rows.length - 1,
    };
    const to = steps[event.key];
    if (to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const next = this.rows[Math.max(0, Math.min(this.rows.length - 1, to))]?.row.name;
    if (next === undefined || next === from) return;
    this.focus(next);
    this.actions.onMove(next);
  }
}
