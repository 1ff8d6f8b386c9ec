/** Scored rows in words: the first of them, how many, and how far the server's predictions are from those made here. */

import type { ModelVersion } from '../../registry/registry.js';
import type { Comparison } from '../../score/documents.js';
import type { TableScoreSummary } from '../../score/server/options.js';
import { count, difference, type Output, plural, table } from '../output.js';
import { outputLines, show } from './diff.js';

export function scoreText(
  summary: Omit<TableScoreSummary, 'version'>,
  { name, version }: ModelVersion,
  output: Output,
): string[] {
  const { rows, preview, seconds, rowsPerSecond, leftOut } = summary;
  const lines = previewTable(preview);
  if (preview.length > 0 && rows > preview.length) lines.push(`… ${count(rows - preview.length)} more`);
  const where = summary.output === null ? '' : ` → ${summary.output}`;
  const how = summary.engine === 'predict' ? ' by the server’s PREDICT' : '';
  lines.push(
    `${output.style('green', '✓')} ${plural(rows, 'row')} scored with ${name}@${version}${how}${where}  ${seconds.toFixed(2)} s, ${count(rowsPerSecond)} rows/s`,
  );
  const warn = (text: string) => lines.push(`  ${output.style('yellow', '!')} ${text}`);
  for (const [column, times] of Object.entries(summary.unknownCategories)) {
    warn(`${column}: ${plural(times, 'value')} that the model has never seen`);
  }
  for (const [column, times] of Object.entries(summary.nulls)) warn(`${column}: ${plural(times, 'value')} missing`);
  if (leftOut.length > 0) warn(`left out, since they have no form there: ${leftOut.join(', ')}`);
  return lines;
}

export function comparisonText(comparison: Comparison, output: Output): string[] {
  const { rows, changedRows, maxAbsDiff, rtol, atol, passed, outputs, worst } = comparison;
  const most = maxAbsDiff === null ? '' : `, max difference ${difference(maxAbsDiff)}`;
  const verdict = passed
    ? `${output.style('green', '✓')} the server predicts what this machine predicts`
    : `${output.style('red', '✗')} the server predicts something else than this machine`;
  const lines = [
    `${verdict}: ${plural(rows, 'row')}, ${count(changedRows)} changed${most} (rtol ${rtol}, atol ${atol})`,
  ];
  for (const each of outputs) lines.push(...outputLines(each));
  if (passed || worst.length === 0) return lines;
  return [...lines, '', 'rows that differ most:', ...worstTable(worst)];
}

function worstTable(worst: Comparison['worst']): string[] {
  const [first] = worst;
  const keys = Object.keys(first?.keys ?? {});
  const outputs = Object.keys(first?.local ?? {});
  const headings = ['ROW', ...keys, ...outputs.flatMap((name) => [`${name} HERE`, `${name} SERVER`])];
  const rows = worst.map(({ row, keys: values, local, server }) => [
    row,
    ...keys.map((name) => show(values[name])),
    ...outputs.flatMap((name) => [show(local[name]), show(server[name])]),
  ]);
  return table(headings, rows).map((line) => `  ${line}`);
}

function previewTable(preview: TableScoreSummary['preview']): string[] {
  const [first] = preview;
  if (first === undefined) return [];
  const names = Object.keys(first);
  return table(
    names,
    preview.map((row) => names.map((column) => show(row[column]))),
  );
}
