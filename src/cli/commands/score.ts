/** The commands that run models over rows: score, diff. */

import { list, milliseconds, pairs } from '../arguments.js';
import { defineCommand } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { REGISTRY, TIMEOUT, withExamples } from '../options.js';
import { count, plural, table } from '../output.js';
import { withRegistry } from '../registry-access.js';

const DATA = {
  data: {
    type: 'string',
    demandOption: true,
    describe: 'rows: CSV, Parquet, JSON, duckdb:FILE#TABLE, or table:NAME in the registry’s file',
  },
  map: { type: 'array', string: true, describe: 'names that differ: column=input' },
} as const;

export const score = defineCommand({
  builder: (yargs) =>
    withExamples(
      yargs
        .positional('name', { type: 'string', demandOption: true, describe: 'name, name@3 or name@alias' })
        .options(DATA)
        .options({
          output: { type: 'string', alias: 'o', describe: 'CSV, Parquet or JSON file to write' },
          into: { type: 'string', describe: 'table to write, in the registry’s file' },
          keys: { type: 'string', describe: 'columns to keep: a,b (default: all that the model does not read)' },
        })
        .conflicts('output', 'into')
        .options(REGISTRY)
        .options(TIMEOUT),
      [
        ['score iris --data rows.csv -o predictions.csv', ''],
        ['score iris@production --data table:flowers --keys id --into predictions', ''],
        ['score iris@3 --data rows.parquet --map len=sepal_length', 'shows the first rows only'],
      ],
    ),
  handler: async (args, { output, signal }) => {
    const [{ score: scoreRows }, { scoringModel }, { fileOf }, { rowProgress }] = await Promise.all([
      import('../../score/score.js'),
      import('../../score/scoring-model.js'),
      import('../registry-access.js'),
      import('../row-progress.js'),
    ]);
    const { version, model } = await withRegistry(args, 'read', (registry) => scoringModel(registry, args.name));
    const database = fileOf(args.registry);
    const progress = rowProgress(output);
    const summary = await scoreRows({
      ...model,
      data: args.data,
      database,
      map: pairs(args.map),
      keys: list(args.keys),
      output:
        args.output !== undefined
          ? { file: args.output }
          : args.into !== undefined
            ? { table: args.into, database }
            : undefined,
      timeout: milliseconds(args.timeout),
      onProgress: ({ rows }) => progress.rows(rows),
      signal,
    }).finally(() => progress.end());
    const { name, version: number } = version;
    output.document({ registry: args.registry, model: { name, version: number, sha256: version.sha256 }, ...summary });
    const [first] = summary.preview;
    if (first !== undefined) {
      const names = Object.keys(first);
      for (const line of table(
        names,
        summary.preview.map((row) => names.map((column) => shown(row[column]))),
      )) {
        output.line(line);
      }
      if (summary.rows > summary.preview.length) output.line(`… ${count(summary.rows - summary.preview.length)} more`);
    }
    const where = summary.output === null ? '' : ` → ${summary.output}`;
    output.line(
      `${output.style('green', '✓')} ${plural(summary.rows, 'row')} scored with ${name}@${number}${where}  ${summary.seconds.toFixed(2)} s, ${count(summary.rowsPerSecond)} rows/s`,
    );
    for (const [column, times] of Object.entries(summary.unknownCategories)) {
      output.line(
        `  ${output.style('yellow', '!')} ${column}: ${plural(times, 'value')} that the model has never seen`,
      );
    }
    for (const [column, times] of Object.entries(summary.nulls)) {
      output.line(`  ${output.style('yellow', '!')} ${column}: ${plural(times, 'value')} missing`);
    }
    return EXIT.done;
  },
});

/** Six digits are what a real column holds. */
function shown(value: string | number | boolean | null | undefined): string {
  if (value === null || value === undefined) return 'NULL';
  return typeof value === 'number' ? String(Number(value.toPrecision(6))) : String(value);
}

export const diff = defineCommand({
  builder: (yargs) =>
    withExamples(
      yargs
        .positional('a', { type: 'string', demandOption: true, describe: 'name@1' })
        .positional('b', { type: 'string', demandOption: true, describe: 'name@2' })
        .options(DATA)
        .options({
          'max-changed': { type: 'number', describe: 'share of changed rows (0 to 1) above which it exits with 1' },
        })
        .options(REGISTRY),
      [['diff iris@1 iris@2 --data rows.csv --max-changed 0.01', 'a gate before a promotion']],
    ),
  handler: async (args, { output, signal }) => {
    const [{ diffVersions }, { scoringModel }, { fileOf }, { diffText }] = await Promise.all([
      import('../../score/diff.js'),
      import('../../score/scoring-model.js'),
      import('../registry-access.js'),
      import('../diff-text.js'),
    ]);
    const [a, b] = await withRegistry(
      args,
      'read',
      async (registry) => [await scoringModel(registry, args.a), await scoringModel(registry, args.b)] as const,
    );
    const difference = await diffVersions({
      a: a.model,
      b: b.model,
      origin: a.model.origin === 'made' ? b.model.origin : 'foreign',
      data: args.data,
      database: fileOf(args.registry),
      map: pairs(args.map),
      signal,
    });
    const limit = args.maxChanged;
    const passed = limit === undefined || difference.shareChanged <= limit;
    output.document({
      registry: args.registry,
      a: args.a,
      b: args.b,
      ...difference,
      ...(limit === undefined ? {} : { maxChanged: limit }),
      passed,
    });
    for (const line of diffText(difference)) output.line(line);
    if (!passed) output.line(`${output.style('red', '✗')} more than ${limit} of the rows changed`);
    return passed ? EXIT.done : EXIT.failed;
  },
});
