import { readOptions } from '../../../convert/options/conversion-options.js';
import { probesText, undecidedText } from '../../../report/page/probes.js';
import { VERIFICATION } from '../../arguments/conversion.js';
import { ENVIRONMENT, SAMPLE_REGISTRY, TRUST, withExamples } from '../../arguments/options.js';
import { trustOptions } from '../../arguments/parse.js';
import { withConverters } from '../../arguments/with-converters.js';
import { defineCommand } from '../../command.js';
import { EXIT } from '../../exit-codes.js';
import { difference, plural } from '../../output.js';

/** Apart from each other, since the command's help has an order of its own. */
const { columns, outputs, 'image-size': imageSize, target, converter, environment, timeout, ...others } = VERIFICATION;

export const verify = defineCommand('verify', {
  builder: (yargs) =>
    withExamples(
      yargs
        .positional('model', { type: 'string', demandOption: true, describe: 'a normalised ONNX file' })
        .options({
          against: { type: 'string', demandOption: true, describe: 'the original model file' },
          columns: { ...columns, group: undefined },
        })
        .options({ 'image-size': imageSize, outputs })
        .options(others)
        .options(SAMPLE_REGISTRY)
        .options({ target })
        .options(TRUST)
        .options(ENVIRONMENT)
        .options({ converter, environment, timeout }),
      [['verify out/iris.onnx --against iris.skops --sample new-rows.csv', '']],
    ),
  handler: async (args, context) =>
    withConverters(args, context, async (converters) => {
      const [{ verifyAgainst }, { askRegistry }, { worstRows }] = await Promise.all([
        import('../../../convert/verify-against.js'),
        import('../../arguments/sample.js'),
        import('../../text/conversion.js'),
      ]);
      const { output, signal } = context;
      const { sample } = await askRegistry({ ...args, signal });
      const { verification, sandbox } = await verifyAgainst(args.model, args.against, converters, {
        ...readOptions(args),
        sample,
        trust: trustOptions(args),
        signal,
      });
      output.document({ model: args.model, against: args.against, verification, sandbox });
      const passed = verification.status === 'passed';
      const said =
        verification.status === 'unavailable'
          ? 'agrees with the raw graph alone; nothing is known of what'
          : passed
            ? 'predicts what'
            : 'does not predict what';
      const mark = passed ? output.style('green', '✓') : output.style('red', '✗');
      const runtimes = verification.runtimes.join(' and ');
      output.line(
        `${mark} ${args.model} ${said} ${args.against} predicts: ${plural(verification.rows, 'row')}, in ONNX Runtime ${runtimes}`,
      );
      output.line(
        `  max difference ${difference(verification.maxAbsDiff)}, ${plural(verification.labelMismatches, 'label')} changed`,
      );
      for (const text of [
        probesText(verification.probes, verification.reference),
        undecidedText(verification.undecided),
      ]) {
        if (text !== null) output.line(`  ${text}`);
      }
      for (const line of worstRows(verification)) output.line(line);
      return passed ? EXIT.done : EXIT.failed;
    }),
});
