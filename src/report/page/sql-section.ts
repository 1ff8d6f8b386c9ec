/** The T-SQL that scores the model, to be copied. */

import type { ModelFacts, ModelSql } from './data.js';
import { h } from './dom.js';
import { section, wide } from './section.js';

export function sqlSection({ inputs }: ModelFacts, { text, note }: ModelSql): HTMLElement | null {
  if (inputs === undefined) return null;
  if (text === undefined) return section('T-SQL', h('p', { class: 'dim' }, note));
  const code = h('code', {}, text);
  const copy = h('button', { type: 'button', class: 'quiet', onclick: () => void copyText(text, code, copy) }, 'Copy');
  return section(
    'T-SQL',
    h('div', { class: 'beside' }, h('p', { class: 'dim' }, note), copy),
    wide('T-SQL', h('pre', { class: 'sql' }, code)),
  );
}

/** A browser may refuse a file its clipboard: then the text is selected, ready to be copied. */
async function copyText(text: string, code: HTMLElement, button: HTMLElement): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = 'Copied';
  } catch {
    getSelection()?.selectAllChildren(code);
    button.textContent = 'Selected';
  }
}
