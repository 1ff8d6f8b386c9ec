/** A converter's lock as the environment that Ray builds on each node. */

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { EnvironmentManifest } from '../../converters/manifest.js';
import { lockedOptions } from '../../environments/pip.js';

/** The `pip` part of Ray's runtime environment. */
const pipSchema = z.object({
  packages: z.array(z.string()),
  pip_check: z.boolean(),
  pip_install_options: z.array(z.string()),
});
export type RayPip = z.infer<typeof pipSchema>;

/**
 * Exactly the lock's files, as a local build installs them. `wheelhouse`: a folder that every node has.
 * A lock may leave out what a package asks for but does not need, so pip's check is off.
 */
export async function lockedPip({ folder, environment }: EnvironmentManifest, wheelhouse?: string): Promise<RayPip> {
  const lock = await readFile(path.join(folder, environment.lock), 'utf8');
  return {
    packages: requirementsIn(lock),
    pip_check: false,
    pip_install_options: ['--no-compile', ...lockedOptions(environment.sourceOnly, wheelhouse)],
  };
}

/** One requirement with its hashes a line, without comments. */
function requirementsIn(lock: string): string[] {
  return lock
    .replaceAll(/^\s*#.*$/gm, '')
    .replaceAll(/\\\r?\n\s*/g, '')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '');
}
