// What came of the battery, as Markdown: totals, then a line for each pipeline.

const KINDS = { calls: 'asked otherwise', sums: 'last places of sums', near: 'scores within 2e-6' };

export function totals(results) {
  const targets = [...new Set(results.map(({ target }) => target))];
  const sum = (of, value) => of.reduce((total, result) => total + (value(result) ?? 0), 0);
  const rows = targets.map((target) => {
    const here = results.filter((result) => result.target === target);
    const converted = here.filter(({ status }) => status === 'converted');
    const off = converted.filter(
      ({ rows: differing, lost, failed }) => differing > 0 || lost > 0 || failed !== undefined,
    );
    return [
      target,
      here.length,
      converted.length,
      here.filter(({ status }) => status === 'VERIFICATION_FAILED').length,
      here.length - converted.length - here.filter(({ status }) => status === 'VERIFICATION_FAILED').length,
      off.length,
      sum(converted, ({ rows: differing }) => differing),
      sum(converted, ({ labels }) => labels),
      sum(converted, ({ undecided }) => Object.values(undecided ?? {}).reduce((a, b) => a + b, 0)),
    ];
  });
  const head = [
    'target',
    'pipelines',
    'converted',
    'VERIFICATION_FAILED',
    'refused otherwise',
    'differ silently',
    'rows',
    'labels',
    'undecided',
  ];
  return table(head, rows);
}

export function everyPipeline(results) {
  const byName = Map.groupBy === undefined ? grouped(results) : Map.groupBy(results, ({ name }) => name);
  const targets = [...new Set(results.map(({ target }) => target))];
  const rows = [...byName].map(([name, of]) => [
    `\`${name}\``,
    ...targets.map((target) => ended(of.find((result) => result.target === target))),
  ]);
  return table(['pipeline', ...targets], rows);
}

export function ended(result) {
  if (result === undefined) return '';
  const { status, rows, labels, undecided = {}, lost, failed } = result;
  if (failed !== undefined) return `not compared: ${failed}`;
  const parts = [];
  if (status !== 'converted') parts.push(status);
  if (rows !== undefined) parts.push(rows === 0 ? '0' : `**${rows} rows, ${labels} labels**`);
  if (lost > 0) parts.push(`${lost} rows not taken`);
  for (const [kind, count] of Object.entries(undecided))
    if (count > 0) parts.push(`${count} undecided (${KINDS[kind]})`);
  return parts.join('; ');
}

function grouped(results) {
  const groups = new Map();
  for (const result of results) groups.set(result.name, [...(groups.get(result.name) ?? []), result]);
  return groups;
}

export function table(head, rows) {
  const line = (cells) =>
    `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
