/** One model, beside the table: what it reads and gives, what was proved, pictures, T-SQL, and where it comes from. */

import type { ModelDetail, ModelRow } from './data.js';
import { type Child, h, named, part } from './dom.js';
import { factsList, failureBox, missingEvidence, warningsBox } from './facts.js';
import { graphSection } from './graph-section.js';
import { statusMark } from './overview.js';
import { predictionsSection } from './predictions.js';
import { provenanceSection } from './provenance.js';
import { signatureSection } from './signature.js';
import { sqlSection } from './sql-section.js';
import { verificationSection } from './verification.js';

interface ModelActions {
  onClose: () => void;
  /** The model `step` further in the table; undefined when there is none. */
  neighbour: (step: number) => string | undefined;
}

export class ModelPane {
  private readonly pane = part('model');
  /** The head stays when another model comes, so that the keyboard stays in it. */
  private readonly title = h('h2', { tabindex: -1 });
  private readonly steps = [this.step(-1, '↑', 'Previous model'), this.step(1, '↓', 'Next model')] as const;
  private body = h('div', { class: 'body' });
  private detail: ModelDetail | null = null;
  isMissing = false;
  /** What is open: pictures that come late for another are thrown away. */
  private shown = '';

  constructor(private readonly actions: ModelActions) {
    const close = { type: 'button', class: 'step', 'aria-label': 'Close', onclick: actions.onClose };
    const nav = h('nav', { 'aria-label': 'Models' }, ...this.steps, h('button', close, '✕'));
    this.pane.replaceChildren(h('div', { class: 'bar' }, this.title, nav), this.body);
  }

  get name(): string | null {
    return this.shown === '' ? null : this.shown;
  }

  /** `details` may take a moment; the head is there at once. */
  async open(row: ModelRow, details: Promise<ModelDetail>): Promise<void> {
    this.show(row.name, h('p', { class: 'dim' }, 'reading …'), statusMark(row.status));
    try {
      const detail = await details;
      if (this.shown !== row.name) return;
      this.detail = detail;
      this.draw();
    } catch (error) {
      if (this.shown !== row.name) return;
      this.fill(alarm(error instanceof Error ? error.message : String(error)));
    }
  }

  /** There is no such model, or not yet. */
  missing(name: string): void {
    this.show(name, alarm('This run has no model of that name.'));
    this.isMissing = true;
  }

  close(): void {
    this.shown = '';
    this.detail = null;
    this.pane.hidden = true;
    this.fill();
    document.body.classList.remove('opened');
  }

  focus(): void {
    this.title.focus();
  }

  /** Again, in other colours. */
  redraw(): void {
    const { scrollTop } = this.pane;
    this.draw();
    this.pane.scrollTop = scrollTop;
  }

  /** The models before and behind may be others now. */
  updateSteps(): void {
    for (const [index, button] of this.steps.entries()) {
      const there = this.actions.neighbour(index === 0 ? -1 : 1) !== undefined;
      button.setAttribute('aria-disabled', String(!there));
    }
  }

  private show(name: string, content: HTMLElement, ...marks: HTMLElement[]): void {
    this.shown = name;
    this.detail = null;
    this.isMissing = false;
    this.title.replaceChildren(named(name), ' ', ...marks);
    this.fill(content);
    this.pane.hidden = false;
    this.pane.scrollTop = 0;
    document.body.classList.add('opened');
  }

  private draw(): void {
    const { detail } = this;
    if (detail === null) return;
    const { facts, evidence, sql } = detail;
    const current = () => this.detail === detail;
    this.fill(
      factsList(facts),
      facts.error === undefined ? null : failureBox(facts.error),
      warningsBox(facts),
      signatureSection(facts),
      verificationSection(facts),
      evidence === undefined ? null : predictionsSection(evidence, facts, current),
      evidence === undefined ? missingEvidence(facts) : graphSection(evidence, current),
      sqlSection(facts, sql),
      provenanceSection(facts),
    );
  }

  private fill(...content: Child[]): void {
    const body = h('div', { class: 'body' }, ...content);
    this.body.replaceWith(body);
    this.body = body;
  }

  private step(by: number, mark: string, label: string): HTMLButtonElement {
    const go = () => {
      const name = this.actions.neighbour(by);
      if (name !== undefined) location.hash = `#${encodeURIComponent(name)}`;
    };
    return h('button', { type: 'button', class: 'step', 'aria-label': label, onclick: go }, mark);
  }
}

function alarm(text: string): HTMLElement {
  return h('p', { class: 'box', role: 'alert' }, text);
}
