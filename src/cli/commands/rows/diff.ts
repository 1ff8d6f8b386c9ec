import { REGISTRY, ROWS, withExamples } from '../../arguments/options.js';
import { pairs } from '../../arguments/parse.js';
import { withResolved } from '../../arguments/with-registry.js';
import { defineCommand } from '../../command.js';
import { EXIT } from '../../exit-codes.js';

export const diff = defineCommand('diff', {
  builder: (yargs) =>
    withExamples(
      yargs
        .positional('a', { type: 'string', demandOption: true, describe: 'name@1' })
        .positional('b', { type: 'string', demandOption: true, describe: 'name@2' })
        .options(ROWS)
        .options({
          'max-changed': { type: 'number', describe: 'share of changed rows (0 to 1) above which it exits with 1' },
        })
        .options(REGISTRY),
      [['diff iris@1 iris@2 --data rows.csv --max-changed 0.01', 'a gate before a promotion']],
    ),
  handler: async (args, { output, signal }) => {
    const [{ buildProgress }, { resolveDiff }, { diffText }] = await Promise.all([
      import('../../progress/build.js'),
      import('../../../score/place.js'),
      import('../../text/diff.js'),
    ]);
    const onSetup = buildProgress(output);
    const { a, b, data } = args;
    const options = { a, b, data, map: pairs(args.map), onSetup, signal };
    const { registry, ...difference } = await withResolved({ ...args, signal }, (open) => resolveDiff(open, options));
    const limit = args.maxChanged;
    const passed = limit === undefined || difference.shareChanged <= limit;
    output.document({
      registry,
      a,
      b,
      ...difference,
      ...(limit === undefined ? {} : { maxChanged: limit }),
      passed,
    });
    for (const line of diffText(difference)) output.line(line);
    if (!passed) output.line(`${output.style('red', '✗')} more than ${limit} of the rows changed`);
    return passed ? EXIT.done : EXIT.failed;
  },
});
