/** report.md: the run as a comment on a pull request. */

import type { BatchDocument, ModelResult } from '../batch/results.js';
import { adviceOf, count, difference, duration, plural } from './page/text.js';
import { inLine, withoutCommands } from './page/visible.js';

/** GitHub takes 65,536 characters in a comment; a little is left for what others write around it. */
const LONGEST = 60_000;

/** Names under a code. */
const MOST_NAMES = 5;

const MARKS: Record<ModelResult['status'], string> = { converted: '✓', cached: '≡', failed: '✗', skipped: '–' };

/** Unseen; tells our report from a file of somebody else's. */
const WRITTEN_BY = '<!-- Written by predictable -->';

export function markdownReport({ run, results }: BatchDocument): string {
  const { totals } = run;
  const head = [
    `## ${plainMarkdown(run.zoo)}`,
    '',
    `**${plural(totals.models, 'model')}: ${count(totals.converted)} converted, ${count(totals.cached)} cached, ${count(totals.failed)} failed${totals.skipped > 0 ? `, ${count(totals.skipped)} skipped` : ''}**, ${run.finished ? `in ${duration(run.seconds * 1000)}` : 'not finished'} (${run.executor} executor, ${plural(run.jobs, 'job')}, predictable ${run.predictable})`,
    '',
    ...failures(results),
  ];
  return `${within(head, results).join('\n')}\n\n${WRITTEN_BY}\n`;
}

/** Text that stays text: no markup, no HTML, and nobody is mentioned. */
export function plainMarkdown(text: string): string {
  return oneLine(text)
    .replaceAll(/[\\`*_{}[\]()<>#+.!|~$&=:^-]/g, '\\$&')
    .replaceAll(/(?<![\p{L}\p{N}])@(?=[\p{L}\p{N}])/gu, '@\u200b');
}

/** A name as code: nothing in it is markup, and a table's cell does not end in it. */
export function codeMarkdown(text: string): string {
  const line = oneLine(text);
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const space = line.startsWith('`') || line.endsWith('`') || line.trim() === '' ? ' ' : '';
  return `${fence}${space}${line.replaceAll('|', '\\|')}${space}${fence}`;
}

function oneLine(text: string): string {
  return withoutCommands(inLine(text.replaceAll(/\s+/g, ' ')));
}

function failures(results: readonly ModelResult[]): string[] {
  const byCode = new Map<string, ModelResult[]>();
  for (const result of results) {
    if (result.error === undefined) continue;
    byCode.set(result.error.code, [...(byCode.get(result.error.code) ?? []), result]);
  }
  if (byCode.size === 0) return [];
  const groups = [...byCode].sort(([, a], [, b]) => b.length - a.length);
  const rows = groups.map(([code, group]) => {
    const names = group.slice(0, MOST_NAMES).map(({ name }) => codeMarkdown(name));
    const left = group.length - names.length;
    return row([
      codeMarkdown(code),
      count(group.length),
      `${names.join(', ')}${left > 0 ? ` and ${count(left)} more` : ''}`,
      plainMarkdown(adviceOf(group.map(({ error }) => error?.hint))),
    ]);
  });
  return [row(['Code', 'Models', 'Which', 'What to do']), '| --- | ---: | --- | --- |', ...rows, ''];
}

/** As many models as fit, those that failed first; the page has all. */
function within(head: string[], results: readonly ModelResult[]): string[] {
  const table = [
    row(['', 'Model', 'Converter', 'Columns', 'Rows', 'Max diff', 'Labels', 'Time']),
    '| --- | --- | --- | ---: | ---: | ---: | ---: | ---: |',
  ];
  const ordered = [...results].sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
  const lines = [...head];
  let length = lines.join('\n').length + table.join('\n').length;
  const rows: string[] = [];
  for (const result of ordered) {
    const line = modelLine(result);
    length += line.length + 1;
    if (length > LONGEST) break;
    rows.push(line);
  }
  if (rows.length > 0) lines.push(...table, ...rows);
  const left = results.length - rows.length;
  if (left > 0) lines.push('', `${plural(left, 'further model')} in \`report.html\`.`);
  return lines;
}

function rank({ status }: ModelResult): number {
  return status === 'failed' ? 0 : 1;
}

function modelLine({ name, status, converter, error, inputs, outputs, verification, elapsed }: ModelResult): string {
  return row([
    MARKS[status],
    codeMarkdown(name),
    error === undefined ? plainMarkdown(converter ?? '') : codeMarkdown(error.code),
    inputs === undefined || outputs === undefined ? '' : `${count(inputs.length)} → ${count(outputs.length)}`,
    verification === undefined ? '' : count(verification.rows),
    verification === undefined ? '' : difference(verification.maxAbsDiff),
    verification === undefined ? '' : count(verification.labelMismatches),
    elapsed > 0 ? duration(elapsed) : '',
  ]);
}

function row(cells: string[]): string {
  return `| ${cells.join(' | ')} |`;
}
