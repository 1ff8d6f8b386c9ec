/** A command as the command line runs it, in this process and with converters of the test's own. */

import { vi } from 'vitest';
import yargs from 'yargs';
import { COMMANDS, nameOf } from '../../src/cli/commands.js';
import { Output } from '../../src/cli/output.js';
import type { Executor } from '../../src/convert/executor.js';
import { PredictableError } from '../../src/errors.js';

export interface Said {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** Throws what the command throws. */
export async function runCommand(
  argv: string[],
  executor: Executor,
  signal: AbortSignal = new AbortController().signal,
): Promise<Said> {
  const listed = COMMANDS.find((each) => nameOf(each) === argv[0])!;
  const { builder, handler } = await listed.load();
  const json = argv.includes('--json');
  const output = new Output({ json, quiet: false });
  const said: Said = { exitCode: -1, stdout: '', stderr: '' };
  const taking = (stream: 'stdout' | 'stderr') =>
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      said[stream] += String(text);
      return true;
    });
  const spies = [taking('stdout'), taking('stderr')];
  try {
    await yargs(argv.filter((argument) => argument !== '--json'))
      .command({
        command: listed.command,
        builder,
        handler: async (args) => {
          said.exitCode = await handler(args, { output, signal, executor });
        },
      })
      .strict()
      .exitProcess(false)
      .fail((message, error) => {
        throw error ?? new PredictableError('USAGE', message);
      })
      .parseAsync();
    return said;
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}
