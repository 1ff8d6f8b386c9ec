/** What each file is, and which converter would read it; opens none. */

import type { ErrorDocument } from '../../../errors.js';
import { MODEL_PATHS, withExamples } from '../../arguments/options.js';
import { defineCommand } from '../../command.js';
import { EXIT } from '../../exit-codes.js';
import { size, table } from '../../output.js';

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

export const detect = defineCommand('detect', {
  builder: (yargs) => withExamples(yargs.positional('path', MODEL_PATHS), [['detect models/', '']]),
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
    for (const result of results) {
      if ('error' in result) output.paragraph(`${result.error.code}: ${result.error.message}`, [result.path]);
    }
    return results.some((result) => 'error' in result) ? EXIT.failed : EXIT.done;
  },
});
