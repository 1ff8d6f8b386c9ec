/**
 * The function that makes a network runs as it stands, and a zoo.yaml that came with a repository can name it: so
 * somebody has to vouch for its module, as for a pickle.
 */

import path from 'node:path';
import type { TrustOptions } from '../detect/trust.js';
import { trustHint } from '../detect/trust-hint.js';
import { PredictableError } from '../errors.js';
import { sha256OfFileNow } from './hashing.js';
import type { ZooModel } from './zoo/zoo.js';

/** Where the module may lie: in the working folder, or beside the model. */
export function factoryFiles({ path: file, options: { factory } }: Pick<ZooModel, 'path' | 'options'>): string[] {
  const module = factory?.split(':')[0]?.replace(/\.py$/, '').split('.').join('/');
  if (module === undefined) return [];
  return [process.cwd(), path.dirname(file)].flatMap((folder) => [
    path.join(folder, `${module}.py`),
    path.join(folder, module, '__init__.py'),
  ]);
}

/** Throws UNTRUSTED_ARTIFACT. `trust` without a lock: its sums are among the others. */
export function mustVouchForFactory(model: ZooModel, { all, sha256: sums = [] }: TrustOptions): void {
  if (all === true) return;
  for (const file of factoryFiles(model)) {
    const sha256 = sha256OfFileNow(file);
    if (sha256 === undefined || sums.some((sum) => sum.toLowerCase() === sha256)) continue;
    const named = path.relative(process.cwd(), file);
    throw new PredictableError(
      'UNTRUSTED_ARTIFACT',
      `${model.source} is to be made by ${model.options.factory}, and nobody vouches for the code in ${named}.\nIt was not run. If you know what it does, say so:`,
      {
        hint: trustHint([model.source, named], sha256),
        details: { sha256, file: named },
      },
    );
  }
}
