/** The linter of Dockerfiles, in the version that the lock says. */

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { environmentManifestSchema } from '../../../src/converters/manifest.js';
import { ensureEnvironment } from '../../../src/environments/ensure.js';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));

export interface Finding {
  code: string;
  line: number;
  message: string;
}

/** Everything that it finds, down to matters of style. Throws ENVIRONMENT_FAILED where it cannot be had. */
export async function lintDockerfile(text: string): Promise<Finding[]> {
  const manifest = environmentManifestSchema.parse(
    JSON.parse(await readFile(path.join(FOLDER, 'runtime.json'), 'utf8')),
  );
  const { python } = await ensureEnvironment({ ...manifest, folder: FOLDER });
  // Without a network it need not look for configurations of its own: `-` is the standard input.
  const { stdout } = await execa(
    python,
    [path.join(FOLDER, manifest.entry), '--format', 'json', '--no-fail', '--failure-threshold', 'style', '-'],
    { input: text },
  );
  return JSON.parse(stdout) as Finding[];
}
