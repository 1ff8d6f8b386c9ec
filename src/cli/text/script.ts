/** A change as a script for a DBA, instead of the change itself: FILE, and beside it what takes it back. */

import path from 'node:path';
import type { ChangeScript } from '../../registry/mssql/scripts/text.js';
import { DEFAULT_TARGET, TARGET_IDS } from '../../targets/targets.js';
import type { Output } from '../output.js';

export const SCRIPT = {
  script: {
    type: 'string',
    describe: 'write the SQL to this file instead, with its undo beside it; the server is not changed',
    group: 'Registry:',
  },
} as const;

/** Where no server is asked which engine it is. */
export const SCRIPT_TARGET = {
  target: {
    choices: TARGET_IDS.filter((id) => id !== 'embedded'),
    default: DEFAULT_TARGET,
    describe: 'with --script: the engine that the script is for',
    group: 'Registry:',
  },
} as const;

/** Writes FILE and FILE.undo.sql, and `further` scripts by their ending. Returns the files. */
export async function writeScript(
  file: string,
  { apply, undo }: ChangeScript,
  output: Output,
  further: Record<string, string> = {},
): Promise<string[]> {
  const [{ writeWhole }, { mustBeOurs }, { mustNotBeSpecial }] = await Promise.all([
    import('../../files/write-whole.js'),
    import('../../convert/own-files.js'),
    import('../../files/ordinary.js'),
  ]);
  const stem = file.replace(/\.sql$/i, '');
  const files = { [file]: apply, [`${stem}.undo.sql`]: undo };
  for (const [ending, text] of Object.entries(further)) files[`${stem}.${ending}.sql`] = text;
  const names = Object.keys(files);
  for (const name of names) await mustNotBeSpecial(name, 'written');
  // The first was asked for by its name; the others are not what somebody keeps there.
  await mustBeOurs(names.slice(1));
  for (const [name, text] of Object.entries(files)) await writeWhole(name, text);
  output.line(
    `${output.style('green', '✓')} ${names.map((name) => path.normalize(name)).join(', ')}: nothing was changed`,
  );
  return names;
}
