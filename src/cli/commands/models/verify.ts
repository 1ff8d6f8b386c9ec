import { givenInputs, imageSize, list, milliseconds } from '../../../convert/option-text.js';
import {
  CONVERTER,
  ENVIRONMENT,
  NETWORK,
  NORMALIZATION,
  SAMPLE_REGISTRY,
  TARGET,
  TIMEOUT,
  TRUST,
  VERIFICATION,
  withExamples,
} from '../../arguments/options.js';
import { trustOptions } from '../../arguments/parse.js';
import { withConverters } from '../../arguments/with-converters.js';
import { defineCommand } from '../../command.js';
import { EXIT } from '../../exit-codes.js';
import { difference, plural } from '../../output.js';

export const verify = defineCommand('verify', {
  builder: (yargs) =>
    withExamples(
      yargs
        .positional('model', { type: 'string', demandOption: true, describe: 'a normalised ONNX file' })
        .options({
          against: { type: 'string', demandOption: true, describe: 'the original model file' },
          columns: { type: 'string', describe: 'names of the columns: a,b,c' },
        })
        .options({ 'image-size': NORMALIZATION['image-size'], outputs: NORMALIZATION.outputs })
        .options(NETWORK)
        .options(VERIFICATION)
        .options(SAMPLE_REGISTRY)
        .options(TARGET)
        .options(TRUST)
        .options(ENVIRONMENT)
        .options(CONVERTER)
        .options(TIMEOUT),
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
      const { target, converter, environment, rtol, atol } = args;
      const { sample } = await askRegistry({ ...args, signal });
      const verification = await verifyAgainst(args.model, args.against, converters, {
        sample,
        target,
        converter,
        environment,
        rtol,
        atol,
        columns: list(args.columns),
        outputs: list(args.outputs),
        imageSize: imageSize(args.imageSize),
        inputs: givenInputs(args.input),
        factory: args.factory,
        signature: args.signature,
        tag: args.tag,
        trust: trustOptions(args),
        timeout: milliseconds(args.timeout),
        signal,
      });
      output.document({ model: args.model, against: args.against, verification });
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
      for (const line of worstRows(verification)) output.line(line);
      return passed ? EXIT.done : EXIT.failed;
    }),
});
