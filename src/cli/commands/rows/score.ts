/** The commands that run models over rows: score, diff. */

import { list, milliseconds } from '../../../convert/option-text.js';
import { NAME, REGISTRY, TIMEOUT, withExamples } from '../../arguments/options.js';
import { pairs } from '../../arguments/parse.js';
import { defineCommand } from '../../command.js';
import { EXIT } from '../../exit-codes.js';

const DATA = {
  data: {
    type: 'string',
    demandOption: true,
    describe: 'rows: CSV, Parquet, JSON, duckdb:FILE#TABLE, or a table of the registry’s server or file (table:NAME)',
  },
  map: { type: 'array', string: true, describe: 'names that differ: column=input' },
} as const;

export const score = defineCommand({
  builder: (yargs) =>
    withExamples(
      yargs
        .positional('name', NAME)
        .options(DATA)
        .options({
          output: { type: 'string', alias: 'o', describe: 'CSV, Parquet or JSON file to write' },
          into: { type: 'string', describe: 'table to write, on the registry’s server or in its file' },
          keys: {
            type: 'string',
            describe: 'columns to keep: a,b (default: a table’s primary key, else all that the model does not read)',
          },
          engine: {
            choices: ['local', 'predict', 'plain'] as const,
            defaultDescription: 'predict for a table of a server, else local',
            describe: 'where it is scored: here, by the server’s PREDICT, or by plain T-SQL (coming)',
          },
          compare: {
            type: 'boolean',
            default: false,
            describe: 'score here what the server scored, too, and exit with 1 when they differ',
          },
        })
        .conflicts('output', 'into')
        .options(REGISTRY)
        .options(TIMEOUT),
      [
        ['score iris --data rows.csv -o predictions.csv', ''],
        ['score iris@production --data table:flowers --keys id --into predictions', ''],
        ['score iris@3 --data rows.parquet --map len=sepal_length', 'shows the first rows only'],
        ['score iris --registry prod --data dbo.flowers --compare', 'whether the server predicts what was verified'],
      ],
    ),
  handler: async (args, { output, signal }) => {
    const [{ buildProgress }, { rowProgress }, { scoreRows }, { comparisonText, scoreText }] = await Promise.all([
      import('../../progress/build.js'),
      import('../../progress/rows.js'),
      import('../../score-rows.js'),
      import('../../text/score.js'),
    ]);
    const progress = rowProgress(output);
    const { registry, version, ...summary } = await scoreRows({
      ...args,
      map: pairs(args.map),
      keys: list(args.keys),
      timeout: milliseconds(args.timeout),
      onProgress: ({ rows }) => progress.rows(rows),
      onSetup: buildProgress(output),
      signal,
    }).finally(() => progress.end());
    const { name, version: number, sha256 } = version;
    output.document({ registry, model: { name, version: number, sha256 }, ...summary });
    for (const line of scoreText(summary, version, output)) output.line(line);
    if (summary.comparison === null) return EXIT.done;
    for (const line of comparisonText(summary.comparison, output)) output.line(line);
    return summary.comparison.passed ? EXIT.done : EXIT.failed;
  },
});

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
    const [{ buildProgress }, { diffRows }, { diffText }] = await Promise.all([
      import('../../progress/build.js'),
      import('../../score-rows.js'),
      import('../../text/diff.js'),
    ]);
    const onSetup = buildProgress(output);
    const { registry, ...difference } = await diffRows({ ...args, map: pairs(args.map), onSetup, signal });
    const limit = args.maxChanged;
    const passed = limit === undefined || difference.shareChanged <= limit;
    output.document({
      registry,
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
