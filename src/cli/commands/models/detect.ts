/** The commands that look at model files without opening them: detect, trust. */

import type { ErrorDocument } from '../../../errors.js';
import { withExamples } from '../../arguments/options.js';
import { defineCommand } from '../../command.js';
import { EXIT } from '../../exit-codes.js';
import { plural, size, table } from '../../output.js';

interface DetectedFile {
  path: string;
  format: string;
  title: string;
  converter: string;
  loading: 'safe' | 'executes-code';
  bytes: number;
  modules: string[] | null;
}

interface RefusedFile {
  path: string;
  error: ErrorDocument;
}

const PATHS = {
  type: 'string',
  array: true,
  demandOption: true,
  describe: 'model files; folders are searched',
} as const;

export const detect = defineCommand({
  builder: (yargs) => withExamples(yargs.positional('path', PATHS), [['detect models/', '']]),
  handler: async (args, { output }) => {
    const [{ readManifests }, { findModels }, { detect: detectFile }, { asPredictableError }] = await Promise.all([
      import('../../../converters/manifest.js'),
      import('../../../detect/find-models.js'),
      import('../../../detect/detect.js'),
      import('../../../errors.js'),
    ]);
    const manifests = await readManifests();
    const results: (DetectedFile | RefusedFile)[] = [];
    for (const file of await findModels(args.path, manifests)) {
      try {
        const { format, converter, modules, bytes } = await detectFile(file, manifests);
        results.push({
          path: file,
          format: format.id,
          title: format.title,
          converter: converter.id,
          loading: format.loading,
          bytes,
          modules,
        });
      } catch (thrown) {
        results.push({ path: file, error: asPredictableError(thrown).toJSON() });
      }
    }
    output.document({ results });
    const rows = results.map((result) =>
      'error' in result
        ? [result.path, '', '', result.error.code, '']
        : [
            result.path,
            size(result.bytes),
            result.title,
            result.converter,
            result.loading === 'safe' ? 'safe' : 'runs code: needs trust',
          ],
    );
    for (const line of table(['FILE', 'SIZE', 'FORMAT', 'CONVERTER', 'LOADING'], rows)) output.line(line);
    for (const result of results) if ('error' in result) output.line(`${result.error.code}: ${result.error.message}`);
    return results.some((result) => 'error' in result) ? EXIT.failed : EXIT.done;
  },
});

export const trust = defineCommand({
  builder: (yargs) =>
    withExamples(
      yargs.positional('path', PATHS).options({
        output: {
          type: 'string',
          alias: 'o',
          default: 'trust.lock',
          describe: 'the lock file, meant to be committed and reviewed',
        },
      }),
      [['trust models/ -o trust.lock', 'then: predictable convert models/ --trust-lock trust.lock']],
    ),
  handler: async (args, { output }) => {
    const [{ readManifests }, { findModels }, { writeTrustLock }] = await Promise.all([
      import('../../../converters/manifest.js'),
      import('../../../detect/find-models.js'),
      import('../../../detect/trust.js'),
    ]);
    const entries = await writeTrustLock(await findModels(args.path, await readManifests()), args.output);
    output.document({ output: args.output, files: entries });
    for (const entry of entries) output.line(`${entry.sha256}  ${entry.path}`);
    output.line(`${plural(entries.length, 'file')} in ${args.output}: review it, and commit it`);
    output.next(`predictable convert ${args.path.join(' ')} --trust-lock ${args.output}`);
    return EXIT.done;
  },
});
