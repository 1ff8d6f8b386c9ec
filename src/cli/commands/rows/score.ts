/** Predictions of a version for a file or a table. */

import { list, milliseconds } from '../../../convert/options/text.js';
import type { ScoreRowsOptions } from '../../../score/place.js';
import { NAME, REGISTRY, ROWS, TIMEOUT, withExamples } from '../../arguments/options.js';
import { pairs } from '../../arguments/parse.js';
import { publicKeys, REQUIRE_SIGNATURE } from '../../arguments/signing.js';
import { withResolved } from '../../arguments/with-registry.js';
import { defineCommand } from '../../command.js';
import { EXIT } from '../../exit-codes.js';

export const score = defineCommand('score', {
  builder: (yargs) =>
    withExamples(
      yargs
        .positional('name', NAME)
        .options(ROWS)
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
        .options(TIMEOUT)
        .options(REQUIRE_SIGNATURE),
      [
        ['score iris --data rows.csv -o predictions.csv', ''],
        ['score iris@production --data table:flowers --keys id --into predictions', ''],
        ['score iris@3 --data rows.parquet --map len=sepal_length', 'shows the first rows only'],
        ['score iris --registry prod --data dbo.flowers --compare', 'whether the server predicts what was verified'],
      ],
    ),
  handler: async (args, { output, signal }) => {
    const [{ buildProgress }, { rowProgress }, { resolveScore }, { comparisonText, scoreText }] = await Promise.all([
      import('../../progress/build.js'),
      import('../../progress/rows.js'),
      import('../../../score/place.js'),
      import('../../text/score.js'),
    ]);
    const progress = rowProgress(output);
    const { name, data, compare } = args;
    const options: ScoreRowsOptions = {
      name,
      data,
      engine: await knownEngine(args.engine),
      output: outputOf(args),
      compare,
      map: pairs(args.map),
      keys: list(args.keys),
      timeout: milliseconds(args.timeout),
      onProgress: ({ rows }) => progress.rows(rows),
      onSetup: buildProgress(output),
      requireSignature: await publicKeys(args.requireSignature),
      signal,
    };
    const { registry, version, ...summary } = await withResolved({ ...args, signal }, (open) =>
      resolveScore(open, options),
    ).finally(() => progress.end());
    const { version: number, sha256 } = version;
    output.document({ registry, model: { name: version.name, version: number, sha256 }, ...summary });
    for (const line of scoreText(summary, version, output)) output.line(line);
    if (summary.comparison === null) return EXIT.done;
    for (const line of comparisonText(summary.comparison, output)) output.line(line);
    return summary.comparison.passed ? EXIT.done : EXIT.failed;
  },
});

async function knownEngine(
  engine: 'local' | 'predict' | 'plain' | undefined,
): Promise<'local' | 'predict' | undefined> {
  if (engine !== 'plain') return engine;
  const { PredictableError } = await import('../../../errors.js');
  throw new PredictableError('USAGE', '--engine plain is not there yet', {
    hint: 'It is coming. Until then: --engine local.',
  });
}

function outputOf({
  output,
  into,
}: {
  output: string | undefined;
  into: string | undefined;
}): ScoreRowsOptions['output'] {
  if (output !== undefined) return { file: output };
  return into === undefined ? undefined : { into };
}
