/** Runs the command line as a user does: another process, its output and its exit code. */

import path from 'node:path';
import { execa, type Options, type Result } from 'execa';
import { packageRoot } from '../../src/paths.js';

export const program = path.join(packageRoot, 'bin', 'predictable.js');

export interface Ran {
  stdout: string;
  stderr: string;
  exitCode: number;
}

/** Never throws: exit codes are what is tested. */
export async function predictable(args: string[], options: Options = {}): Promise<Ran> {
  const result = (await execa(process.execPath, [program, ...args], {
    ...options,
    reject: false,
    stdin: 'ignore',
  })) as Result;
  return { stdout: String(result.stdout ?? ''), stderr: String(result.stderr ?? ''), exitCode: result.exitCode ?? -1 };
}

/** The one JSON document of a command that ran with `--json`. */
export async function document(
  args: string[],
  options: Options = {},
): Promise<{ json: Record<string, never>; ran: Ran }> {
  const ran = await predictable([...args, '--json'], options);
  return { json: JSON.parse(ran.stdout), ran };
}
