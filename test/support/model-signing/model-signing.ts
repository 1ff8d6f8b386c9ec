/** PyPI's model-signing, in the version that the lock says. */

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { environmentManifestSchema } from '../../../src/converters/manifest.js';
import { ensureEnvironment } from '../../../src/environments/ensure.js';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));

/** What the library says where it refuses; null where it is content. Throws ENVIRONMENT_FAILED where it cannot be had. */
export async function peer(
  ...asked: ['sign' | 'verify', folder: string, key: string, signature: string]
): Promise<string | null> {
  const manifest = environmentManifestSchema.parse(
    JSON.parse(await readFile(path.join(FOLDER, 'runtime.json'), 'utf8')),
  );
  const { python } = await ensureEnvironment({ ...manifest, folder: FOLDER });
  const { exitCode, stderr } = await execa(python, [path.join(FOLDER, manifest.entry), ...asked], { reject: false });
  return exitCode === 0 ? null : stderr;
}
