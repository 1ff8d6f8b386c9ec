/** How long each stage took, and all that is needed to repeat the conversion. */

import type { ModelFacts } from './data.js';
import { h } from './dom.js';
import { dataTable, section } from './section.js';
import { duration } from './text.js';

export function provenanceSection(facts: ModelFacts): HTMLElement | null {
  const steps = Object.entries(facts.timings ?? {});
  if (steps.length === 0 && facts.provenance === undefined) return null;
  const longest = Math.max(1, ...steps.map(([, milliseconds]) => milliseconds));
  return section(
    'Timings and provenance',
    h(
      'div',
      { class: 'columns' },
      steps.length === 0
        ? null
        : dataTable('Timings', {
            headings: ['Stage', 'Time', 'Share of the longest'],
            numbers: [1],
            rows: steps.map(([stage, milliseconds]) => [stage, duration(milliseconds), bar(milliseconds / longest)]),
          }),
      h('dl', { class: 'facts' }, ...pairs(facts)),
    ),
  );
}

function bar(share: number): HTMLElement {
  const made = h('i', { class: 'share', 'aria-hidden': 'true' });
  made.style.setProperty('--share', String(share));
  return made;
}

function pairs({ provenance = {}, sha256, signedBy, sandbox, attempts }: ModelFacts): HTMLElement[] {
  const facts: Record<string, unknown> = {
    sha256,
    signedBy: signedBy === undefined ? undefined : `the key ${signedBy}`,
    ...provenance,
    sandbox: sandbox === undefined ? undefined : walls(sandbox),
    attempts: attempts > 1 ? attempts : undefined,
  };
  return Object.entries(facts)
    .filter(([, value]) => value !== undefined)
    .flatMap(([term, value]) => [h('dt', {}, spaced(term)), h('dd', { class: 'hash' }, said(value))]);
}

/** `files, memory; not network, exec`. */
function walls(sandbox: Record<string, boolean>): string {
  const named = (wanted: boolean) => Object.keys(sandbox).filter((wall) => sandbox[wall] === wanted);
  const missing = named(false);
  return [named(true).join(', '), missing.length === 0 ? '' : `not ${missing.join(', ')}`].filter(Boolean).join('; ');
}

/** `sourceSha256` as `source sha256`. */
function spaced(name: string): string {
  return name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
}

function said(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([name, inner]) => `${name} ${typeof inner === 'string' ? inner : JSON.stringify(inner)}`)
    .join(', ');
}
