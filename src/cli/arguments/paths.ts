/** The files that a command is given, looked at before it begins: nothing that never ends is read, nothing that is read is written. */

import { mustNotBeInputs } from '../../files/inputs.js';
import { mustNotBeSpecial } from '../../files/ordinary.js';
import { fileOfSource } from '../../rows/source.js';

/** By the names of positional arguments and of options; what else they may hold, a table for instance, is no file that is there. */
const READ = [
  'against',
  'check',
  'config',
  'data',
  'factory',
  'key',
  'model',
  'path',
  'python',
  'registry',
  'requireSignature',
  'requirements',
  'run',
  'sample',
  'signature',
  'signKey',
  'trustLock',
  'wheel',
  'wheelhouse',
  'zoo',
];
const WRITTEN = ['output', 'script', 'download', 'sbom'];

/** Throws USAGE, and FILE_EXISTS where a settings file has chosen an output that is somebody's own file. */
export async function checkPaths(args: Record<string, unknown>, outputFromSettings: boolean): Promise<void> {
  const [read, written] = [pathsIn(args, READ), pathsIn(args, WRITTEN)];
  // What DuckDB keeps beside a registry's file.
  read.push(...pathsIn(args, ['registry']).map((file) => `${file}.wal`));
  for (const file of read) await mustNotBeSpecial(file);
  for (const file of written) await mustNotBeSpecial(file, 'written');
  await mustNotBeInputs(written, read);
  if (!outputFromSettings) return;
  const { mustBeOurs } = await import('../../convert/own-files.js');
  await mustBeOurs(pathsIn(args, ['output']));
}

function pathsIn(args: Record<string, unknown>, names: string[]): string[] {
  const values = names.flatMap((name) => args[name] ?? []);
  return values.filter((value) => typeof value === 'string').map(fileOfSource);
}
