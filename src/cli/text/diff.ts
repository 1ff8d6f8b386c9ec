/** The difference of two versions in words: how many rows change, by how much, and which most. */

import type { DiffSummary, OutputDiff } from '../../score/documents.js';
import { count, plural, table } from '../output.js';

/** Width of a full bar of the histogram. */
const BAR = 30;

export function diffText(summary: DiffSummary): string[] {
  const { rows, changedRows, shareChanged, outputs, onlyInA, onlyInB, worst } = summary;
  const share = `${(shareChanged * 100).toFixed(2)} %`;
  const lines = [`${plural(rows, 'row')}: ${count(changedRows)} changed (${share})`];
  for (const each of outputs) lines.push(...outputLines(each));
  if (onlyInA.length > 0) lines.push(`  only in the first: ${onlyInA.join(', ')}`);
  if (onlyInB.length > 0) lines.push(`  only in the second: ${onlyInB.join(', ')}`);
  if (changedRows > 0 && worst.length > 0) lines.push('', 'rows that differ most:', ...worstTable(worst));
  return lines;
}

/** How many rows an output changed in, and by how much. */
export function outputLines({ name, changed, maxAbsDiff, meanAbsDiff, histogram }: OutputDiff): string[] {
  const numbers =
    maxAbsDiff === null
      ? ''
      : `, max difference ${maxAbsDiff.toPrecision(2)}, mean ${(meanAbsDiff ?? 0).toPrecision(2)}`;
  return [`  ${name}: ${count(changed)} changed${numbers}`, ...(changed > 0 ? bars(histogram) : [])];
}

function bars(histogram: OutputDiff['histogram']): string[] {
  const filled = histogram.filter(({ rows }) => rows > 0);
  const most = Math.max(1, ...filled.map(({ rows }) => rows));
  return filled.map(({ above, upTo, rows }) => {
    const range = above === null ? 'the same' : upTo === null ? `> ${above}` : `≤ ${upTo}`;
    return `    ${range.padEnd(10)} ${'█'.repeat(Math.max(1, Math.round((rows / most) * BAR)))} ${count(rows)}`;
  });
}

function worstTable(worst: DiffSummary['worst']): string[] {
  const [first] = worst;
  const outputs = Object.keys(first?.a ?? {});
  const inputs = Object.keys(first?.inputs ?? {});
  const headings = ['ROW', ...outputs.flatMap((name) => [`${name} A`, `${name} B`]), ...inputs];
  const rows = worst.map(({ row, a, b, inputs: values }) => [
    row,
    ...outputs.flatMap((name) => [show(a[name]), show(b[name])]),
    ...inputs.map((name) => show(values[name])),
  ]);
  return table(headings, rows).map((line) => `  ${line}`);
}

/** Six digits are what a real column holds. */
export function show(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  return typeof value === 'number' && !Number.isInteger(value) ? String(Number(value.toPrecision(6))) : String(value);
}
