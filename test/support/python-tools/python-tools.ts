/** What checks our Python (ruff, mypy, pytest), in the versions that the lock says. */

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { environmentManifestSchema } from '../../../src/converters/manifest.js';
import { ensureEnvironment } from '../../../src/environments/ensure.js';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));

/** The interpreter of their environment, which is built where it is missing. Throws PYTHON_NOT_FOUND or ENVIRONMENT_FAILED. */
export async function pythonWithTools(): Promise<string> {
  const manifest = environmentManifestSchema.parse(
    JSON.parse(await readFile(path.join(FOLDER, 'runtime.json'), 'utf8')),
  );
  return (await ensureEnvironment({ ...manifest, folder: FOLDER })).python;
}
