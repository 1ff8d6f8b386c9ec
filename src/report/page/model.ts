/** One model, beside the table: what it reads and gives, what was proved, pictures, T-SQL, and where it comes from. */

import type { FailureFacts, ModelDetail, ModelFacts, ModelRow } from './data.js';
import { h, named, part } from './dom.js';
import { graphSection } from './graph-section.js';
import { statusMark } from './overview.js';
import { predictionsSection } from './predictions.js';
import { provenanceSection } from './provenance.js';
import { section, wide } from './section.js';
import { signatureSection } from './signature.js';
import { sqlSection } from './sql-section.js';
import { duration, size, visible } from './text.js';
import { verificationSection } from './verification.js';

export interface ModelActions {
  onClose: () => void;
  /** The model `step` further in the table; undefined when there is none. */
  neighbour: (step: number) => string | undefined;
}

export class ModelPane {
  private readonly pane = part('model');
  private detail: ModelDetail | null = null;
  /** What was drawn last: pictures that come late for another are thrown away. */
  private shown = '';

  constructor(private readonly actions: ModelActions) {}

  get name(): string | null {
    return this.shown === '' ? null : this.shown;
  }

  /** `details` may take a moment; the head is there at once. */
  async open(row: ModelRow, details: Promise<ModelDetail>): Promise<void> {
    this.shown = row.name;
    this.detail = null;
    this.pane.hidden = false;
    document.body.classList.add('opened');
    this.pane.replaceChildren(this.head(row), h('p', { class: 'dim body' }, 'reading …'));
    this.pane.scrollTop = 0;
    try {
      const detail = await details;
      if (this.shown !== row.name) return;
      this.detail = detail;
      this.draw(row);
    } catch (error) {
      if (this.shown !== row.name) return;
      const message = error instanceof Error ? error.message : String(error);
      this.pane.lastElementChild?.replaceWith(h('p', { class: 'box body', role: 'alert' }, `${row.name}: ${message}`));
    }
  }

  /** There is no such model. */
  missing(name: string): void {
    this.shown = name;
    this.pane.hidden = false;
    document.body.classList.add('opened');
    const text = 'This run has no model of that name.';
    this.pane.replaceChildren(this.bar(named(name)), h('p', { class: 'box body', role: 'alert' }, text));
  }

  close(): void {
    this.shown = '';
    this.detail = null;
    this.pane.hidden = true;
    this.pane.replaceChildren();
    document.body.classList.remove('opened');
  }

  focus(): void {
    this.pane.querySelector<HTMLElement>('h2')?.focus();
  }

  /** The pictures again, in other colours. */
  redraw(row: ModelRow): void {
    if (this.detail === null) return;
    const { scrollTop } = this.pane;
    this.draw(row);
    this.pane.scrollTop = scrollTop;
  }

  private draw(row: ModelRow): void {
    const { detail } = this;
    if (detail === null) return;
    const { facts, evidence, sql } = detail;
    const current = () => this.detail === detail;
    const body = h(
      'div',
      { class: 'body' },
      factsLine(facts),
      facts.error === undefined ? null : failure(facts.error),
      warnings(facts),
      signatureSection(facts),
      verificationSection(facts),
      evidence === undefined ? null : predictionsSection(evidence, facts, current),
      evidence === undefined ? noEvidence(facts) : graphSection(evidence, current),
      sqlSection(facts, sql),
      provenanceSection(facts),
    );
    this.pane.lastElementChild?.replaceWith(body);
    this.pane.firstElementChild?.replaceWith(this.head(row));
  }

  private head(row: ModelRow): HTMLElement {
    return this.bar(named(row.name), statusMark(row.status));
  }

  private bar(...title: HTMLElement[]): HTMLElement {
    const step = (by: number, mark: string, label: string) => {
      const name = this.actions.neighbour(by);
      return name === undefined
        ? h('span', { class: 'step', 'aria-hidden': 'true' }, mark)
        : h('a', { class: 'step', href: `#${encodeURIComponent(name)}`, 'aria-label': `${label}: ${name}` }, mark);
    };
    const focused = this.pane.contains(document.activeElement) ? document.activeElement?.textContent : undefined;
    const close = h(
      'button',
      { type: 'button', class: 'step', 'aria-label': 'Close', onclick: this.actions.onClose },
      '✕',
    );
    const bar = h(
      'div',
      { class: 'bar' },
      h('h2', { tabindex: -1 }, ...title.flatMap((part) => [part, ' '])),
      h('nav', { 'aria-label': 'Models' }, step(-1, '↑', 'Previous model'), step(1, '↓', 'Next model'), close),
    );
    // Whoever steps through models with the keyboard finds the same button again.
    if (focused) {
      queueMicrotask(() => {
        for (const element of bar.querySelectorAll<HTMLElement>('a, button')) {
          if (element.textContent === focused) element.focus();
        }
      });
    }
    return bar;
  }
}

function factsLine(facts: ModelFacts): HTMLElement {
  const { model, format, converter, sourceBytes, bytes, target, opsets, ir, elapsed, source, output, registered } =
    facts;
  const versions = Object.entries(opsets ?? {}).map(
    ([domain, version]) => `${domain === '' ? 'opset' : domain} ${version}`,
  );
  const pairs: [string, string | undefined][] = [
    ['model', model],
    ['source', `${source}${sourceBytes === undefined ? '' : `  (${size(sourceBytes)})`}`],
    ['read as', [format, converter && `by ${converter}`].filter(Boolean).join(' ') || undefined],
    ['ONNX', output && `${output}  (${bytes === undefined ? '' : size(bytes)})`],
    ['made for', versions.length === 0 ? target : `${target}: ${versions.join(', ')}, IR ${ir}`],
    [
      'registered',
      registered &&
        `${registered.name}@${registered.version} in ${registered.registry}${registered.created ? '' : ', where it was already'}`,
    ],
    ['took', elapsed > 0 ? duration(elapsed) : undefined],
  ];
  return listOfFacts(pairs);
}

function listOfFacts(pairs: [string, string | undefined][]): HTMLElement {
  const shown = pairs.filter(([, value]) => value !== undefined && value !== '');
  return h('dl', { class: 'facts' }, ...shown.flatMap(([term, value]) => [h('dt', {}, term), h('dd', {}, value)]));
}

function failure({ code, message, hint, details }: FailureFacts): HTMLElement {
  return h(
    'section',
    { class: 'box failed', 'aria-label': 'Error' },
    h('h3', {}, code),
    h('p', { class: 'lines' }, message),
    hint === undefined ? null : h('p', { class: 'lines hint' }, hint),
    details === undefined ? null : detailsOf(details),
  );
}

function detailsOf(details: Record<string, unknown>): HTMLElement {
  return h(
    'details',
    {},
    h('summary', {}, 'Details'),
    wide('Details of the error', h('pre', {}, visible(JSON.stringify(details, null, 2)))),
  );
}

function warnings({ warnings }: ModelFacts): HTMLElement | null {
  if (warnings.length === 0) return null;
  return h(
    'section',
    { class: 'box warned', 'aria-label': 'Warnings' },
    ...warnings.map(({ code, message }) => h('p', { class: 'lines' }, h('b', { class: 'code' }, code), ` ${message}`)),
  );
}

function noEvidence({ status, inputs }: ModelFacts): HTMLElement | null {
  if (status === 'skipped' || inputs === undefined) return null;
  return section('Predictions and graph', h('p', { class: 'dim' }, 'The run kept no evidence of this conversion.'));
}
