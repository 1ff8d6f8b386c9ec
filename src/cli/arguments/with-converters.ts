/** Opens the converters as a command's options say, and ends their interpreters when the command is done. */

import type { Converters } from '../../convert/converters.js';
import type { Executor } from '../../convert/executor.js';
import type { CommandContext } from '../command.js';
import { bytes } from './parse.js';

interface EnvironmentArguments {
  python?: string | undefined;
  wheelhouse?: string | undefined;
  wheel?: string[] | undefined;
  requirements?: string | undefined;
  jobs?: number | undefined;
  executor?: Executor | undefined;
  requireSandbox?: boolean | undefined;
  /** As the user wrote it. */
  memory?: string | undefined;
}

export async function withConverters<T>(
  { python, wheelhouse, wheel: wheels, requirements, jobs, executor, requireSandbox, memory }: EnvironmentArguments,
  { output, signal, executor: elsewhere }: CommandContext,
  work: (converters: Converters) => Promise<T>,
): Promise<T> {
  const [{ Converters }, { buildProgress }] = await Promise.all([
    import('../../convert/converters.js'),
    import('../progress/build.js'),
  ]);
  const onProgress = buildProgress(output);
  const converters = await Converters.open({
    python,
    wheelhouse,
    wheels,
    requirements,
    jobs,
    requireSandbox,
    memory: bytes('--memory', memory),
    executor: executor ?? elsewhere,
    onProgress,
    signal,
  });
  try {
    return await work(converters);
  } finally {
    await converters.close();
  }
}
