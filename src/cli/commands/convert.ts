import { givenInputs, imageSize, list, milliseconds, nullPolicy, topCount } from '../../convert/option-text.js';
import { TARGET_IDS } from '../../targets/targets.js';
import { trustOptions } from '../arguments.js';
import { defineCommand } from '../command.js';
import { withConverters } from '../converters-access.js';
import { EXIT, exitCodeOf } from '../exit-codes.js';
import {
  CONVERTER,
  ENVIRONMENT,
  NETWORK,
  NORMALIZATION,
  SAMPLE_REGISTRY,
  TIMEOUT,
  TRUST,
  VERIFICATION,
  withExamples,
} from '../options.js';

const { target: _, ...WITHOUT_TARGET } = NORMALIZATION;

export const convert = defineCommand({
  builder: (yargs) =>
    withExamples(
      yargs
        .positional('path', {
          type: 'string',
          array: true,
          demandOption: true,
          describe: 'model files; folders are searched',
        })
        .options(WITHOUT_TARGET)
        .options({
          // No default of its own: a registry may say it.
          target: {
            choices: TARGET_IDS,
            defaultDescription: "sql-edge, or the engine of the registry's server",
            describe: 'engine that the model is for',
            group: 'Conversion:',
          },
        })
        .options(NETWORK)
        .options(VERIFICATION)
        .options(SAMPLE_REGISTRY)
        .options(TRUST)
        .options(ENVIRONMENT)
        .options(CONVERTER)
        .options(TIMEOUT)
        .options({
          output: { type: 'string', alias: 'o', default: 'out', describe: 'folder of the results' },
          name: { type: 'string', describe: 'name of the model (default: from its path)' },
          precision: {
            choices: ['float', 'double', 'auto'] as const,
            default: 'float' as const,
            describe: 'element type; auto takes double where it runs and comes closer',
            group: 'Conversion:',
          },
          'keep-unverified': {
            type: 'boolean',
            default: false,
            describe: 'write a model that did not verify, too',
            group: 'Verification:',
          },
        }),
      [
        ['convert iris.skops', 'with iris.sample.csv beside it as the sample'],
        ['convert press.joblib --trust --sample press.parquet', 'a pickle that you trust'],
        ['convert models/ --trust-lock trust.lock -o out', 'a folder of reviewed pickles'],
        [
          'convert iris.skops --registry mssql://ml@edge/ml --sample table:dbo.flowers',
          'for that server, with its rows',
        ],
        ['convert press.joblib --trust --on-null 0 --target sql-edge-1', 'NULL counts as 0; for SQL Edge 1.0'],
      ],
    ),
  handler: async (args, context) =>
    withConverters(args, context, async (converters) => {
      const [{ convertAll }, { askRegistry }, { printConversion, printSummary }, { conversionProgress }] =
        await Promise.all([
          import('../../convert/convert-all.js'),
          import('../sample.js'),
          import('../conversion-text.js'),
          import('../conversion-progress.js'),
        ]);
      const { output, signal } = context;
      const { sample, engine } = await askRegistry({ ...args, signal });
      const titleOf = (id: string | undefined) =>
        converters.manifests.find((each) => each.id === id)?.title ?? 'the original';
      const progress = conversionProgress(output);
      try {
        const results = await convertAll(args.path, converters, {
          out: args.output,
          target: args.target ?? engine ?? 'sql-edge',
          sample,
          columns: list(args.columns),
          precision: args.precision,
          onNull: nullPolicy(args.onNull),
          onUnknown: args.onUnknown,
          batch: args.batchDim === '1' ? 1 : 'N',
          outputs: list(args.outputs),
          top: topCount(args.top),
          weights: args.weights,
          imageSize: imageSize(args.imageSize),
          inputs: givenInputs(args.input),
          factory: args.factory,
          signature: args.signature,
          tag: args.tag,
          rtol: args.rtol,
          atol: args.atol,
          name: args.name,
          converter: args.converter,
          environment: args.environment,
          keepUnverified: args.keepUnverified,
          trust: trustOptions(args),
          timeout: milliseconds(args.timeout),
          signal,
          onResult: (result) => progress.result(() => printConversion(result, titleOf(result.converter), output)),
        });
        progress.end();
        output.document({ results });
        printSummary(results, output);
        const errors = results.flatMap(({ error }) => (error === undefined ? [] : [exitCodeOf(error.code)]));
        if (errors.includes(EXIT.interrupted)) return EXIT.interrupted;
        if (errors.length === 0) return EXIT.done;
        return errors.length === results.length && errors.every((code) => code === EXIT.notDone)
          ? EXIT.notDone
          : EXIT.failed;
      } finally {
        progress.end();
      }
    }),
});
