/** `batch --register`: the registry is only opened when it is needed, and then for the whole run. */

import type { Register } from '../../batch/registering.js';
import type { CommandContext } from '../command.js';
import { REGISTRY } from './options.js';

interface RegisterArguments {
  register: boolean;
  init: boolean;
  registry?: string | undefined;
  passwordStdin: boolean;
}

/** `work` gets what registers a model; undefined where nobody asked for it. */
export async function withRegister<T>(
  { register, init, registry = REGISTRY.registry.default, passwordStdin }: RegisterArguments,
  { output, signal }: CommandContext,
  work: (register: Register | undefined) => Promise<T>,
): Promise<T> {
  if (!register) return work(undefined);
  const [{ withRegistry }, { readyToWrite }, { registering }] = await Promise.all([
    import('./with-registry.js'),
    import('../text/initialization.js'),
    import('../../batch/registering.js'),
  ]);
  return withRegistry({ registry, passwordStdin, signal }, 'write', async (opened) => {
    await readyToWrite(opened, init, output);
    return work(await registering(opened));
  });
}
