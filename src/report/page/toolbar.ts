/** The filter of the table: words as one types, and a list for each of status, converter, code and tag. */

import { h, part } from './dom.js';
import { type Filter, facet, NO_FILTER, type Searchable } from './filter.js';
import { count, plural } from './text.js';

const FACETS = ['status', 'converter', 'code', 'tag'] as const;
type Facet = (typeof FACETS)[number];

/** A list of fewer leaves nothing to choose. */
const FEWEST: Record<Facet, number> = { status: 2, converter: 2, code: 1, tag: 1 };

const ALL: Record<Facet, string> = {
  status: 'any status',
  converter: 'any converter',
  code: 'any code',
  tag: 'any tag',
};

export class Toolbar {
  filter: Filter = NO_FILTER;
  private readonly text: HTMLInputElement;
  private readonly lists = new Map<Facet, HTMLSelectElement>();
  private readonly clear: HTMLButtonElement;

  constructor(private readonly onChange: () => void) {
    this.text = h('input', {
      type: 'search',
      id: 'p-filter',
      placeholder: 'Filter  /',
      'aria-label': 'Filter by name, source, converter, model, code or tag',
      autocomplete: 'off',
      spellcheck: 'false',
      oninput: () => this.change({ text: this.text.value }),
    });
    for (const name of FACETS) {
      const list = h('select', {
        'aria-label': name[0]?.toUpperCase() + name.slice(1),
        onchange: () => this.change({ [name]: list.value }),
      });
      this.lists.set(name, list);
    }
    this.clear = h(
      'button',
      { type: 'button', class: 'quiet', hidden: true, onclick: () => this.reset() },
      'Clear filter',
    );
    part('filters').replaceChildren(this.text, ...this.lists.values(), this.clear);
  }

  /** Offers what the models have; a list with nothing to choose is not shown. */
  offer(rows: readonly Searchable[]): void {
    const values: Record<Facet, [string, number][]> = {
      status: facet(rows, ({ status }) => [status]),
      converter: facet(rows, ({ converter }) => (converter === undefined ? [] : [converter])),
      code: facet(rows, ({ code }) => (code === undefined ? [] : [code])),
      tag: facet(rows, ({ tags }) => tags),
    };
    for (const [name, list] of this.lists) {
      const offered = values[name];
      list.replaceChildren(
        h('option', { value: '' }, ALL[name]),
        ...offered.map(([value, models]) => h('option', { value }, `${value} (${count(models)})`)),
      );
      list.value = this.filter[name];
      list.hidden = offered.length < FEWEST[name] && this.filter[name] === '';
    }
  }

  change(part: Partial<Filter>): void {
    this.filter = { ...this.filter, ...part };
    if (this.text.value !== this.filter.text) this.text.value = this.filter.text;
    for (const [name, list] of this.lists) {
      list.value = this.filter[name];
      list.classList.toggle('chosen', this.filter[name] !== '');
    }
    this.clear.hidden = Object.values(this.filter).every((value) => value === '');
    this.onChange();
  }

  reset(): void {
    this.change(NO_FILTER);
    this.text.focus();
  }

  focus(): void {
    this.text.focus();
    this.text.select();
  }

  /** Whether the keyboard is in the filter's text. */
  has(element: Element | null): boolean {
    return element === this.text;
  }

  say(shown: number, all: number): void {
    const text = shown === all ? plural(all, 'model') : `${count(shown)} of ${plural(all, 'model')}`;
    if (part('count').textContent !== text) part('count').textContent = text;
  }
}
