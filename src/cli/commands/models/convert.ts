import { access, constants } from 'node:fs/promises';
import path from 'node:path';
import { readOptions } from '../../../convert/options/conversion-options.js';
import { DEFAULT_TARGET } from '../../../targets/targets.js';
import { CONVERSION } from '../../arguments/conversion.js';
import { ENVIRONMENT, SAMPLE_REGISTRY, TRUST, withExamples } from '../../arguments/options.js';
import { bytes, trustOptions } from '../../arguments/parse.js';
import { privateKey } from '../../arguments/signing.js';
import { withConverters } from '../../arguments/with-converters.js';
import { defineCommand } from '../../command.js';
import { exitCodeOfResults } from '../../exit-codes.js';

export const convert = defineCommand('convert', {
  builder: (yargs) =>
    withExamples(
      yargs
        .positional('path', {
          type: 'string',
          array: true,
          demandOption: true,
          describe: 'model files; folders are searched',
        })
        .options(CONVERSION)
        .options(SAMPLE_REGISTRY)
        .options(TRUST)
        .options(ENVIRONMENT)
        .options({
          memory: { type: 'string', describe: 'what the process of one model may hold, like 2GB', group: 'Python:' },
          output: { type: 'string', alias: 'o', default: 'out', describe: 'folder of the results' },
          name: { type: 'string', describe: 'name of the model (default: from its path)' },
          sbom: { type: 'string', describe: 'bill of materials to write (CycloneDX 1.6, JSON)' },
          'sign-key': { type: 'string', describe: 'private key (PEM) that signs what is written', group: 'Trust:' },
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
          import('../../../convert/convert-all.js'),
          import('../../arguments/sample.js'),
          import('../../text/conversion.js'),
          import('../../progress/conversion.js'),
        ]);
      const { output, signal } = context;
      // Before anything is converted: a key that is none ends the run at once.
      const signKey = args.signKey === undefined ? undefined : await privateKey(args.signKey);
      if (args.sbom !== undefined) await mustTakeFiles(args.sbom);
      const { sample, engine } = await askRegistry({ ...args, signal });
      const titleOf = (id: string | undefined) =>
        converters.manifests.find((each) => each.id === id)?.title ?? 'the original';
      const progress = conversionProgress(output);
      try {
        const results = await convertAll(args.path, converters, {
          out: args.output,
          ...readOptions(args),
          target: args.target ?? engine ?? DEFAULT_TARGET,
          sample,
          name: args.name,
          keepUnverified: args.keepUnverified,
          trust: trustOptions(args),
          memory: bytes('--memory', args.memory),
          signKey,
          signal,
          onResult: (result) => progress.result(() => printConversion(result, titleOf(result.converter), output)),
        });
        progress.end();
        if (args.sbom !== undefined) {
          const { writeBom } = await import('../../../sbom/bom.js');
          await writeBom(args.sbom, results, converters);
        }
        output.document({ results });
        printSummary(results, output);
        return exitCodeOfResults(results);
      } finally {
        progress.end();
      }
    }),
});

/** Before anything is converted: throws for a folder that is not there, or takes no files. */
async function mustTakeFiles(file: string): Promise<void> {
  const { named } = await import('../../../files/named.js');
  const folder = path.dirname(path.resolve(file));
  await named(folder, () => access(folder, constants.W_OK));
}
