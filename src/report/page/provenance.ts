/** How long each stage took, and all that is needed to repeat the conversion. */

import type { ModelFacts } from './data.js';
import { h } from './dom.js';
import { dataTable, section } from './section.js';
import { duration } from './text.js';

export function provenanceSection({ timings, provenance, sha256, attempts }: ModelFacts): HTMLElement | null {
  const steps = Object.entries(timings ?? {});
  if (steps.length === 0 && provenance === undefined) return null;
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
      h('dl', { class: 'facts' }, ...pairs(provenance, sha256, attempts)),
    ),
  );
}

function bar(share: number): HTMLElement {
  const made = h('i', { class: 'share', 'aria-hidden': 'true' });
  made.style.setProperty('--share', String(share));
  return made;
}

function pairs(provenance: Record<string, unknown> = {}, sha256: string | undefined, attempts: number): HTMLElement[] {
  const facts: [string, unknown][] = [
    ...(sha256 === undefined ? [] : [['sha256', sha256] as [string, unknown]]),
    ...Object.entries(provenance),
    ...(attempts > 1 ? [['attempts', attempts] as [string, unknown]] : []),
  ];
  return facts.flatMap(([term, value]) => [h('dt', {}, spaced(term)), h('dd', { class: 'hash' }, said(value))]);
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
