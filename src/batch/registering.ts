/** Converted models into a registry, one after the other; what is its newest version already is not sent again. */

import { registerFile } from '../registry/register-file.js';
import type { Registry } from '../registry/registry.js';
import { sha256OfFileNow } from './hashing.js';
import type { ModelResult } from './results.js';

export type Register = (name: string, file: string) => Promise<NonNullable<ModelResult['registered']>>;

export async function registering(registry: Registry): Promise<Register> {
  const newest = new Map((await registry.list()).map((version) => [version.name, version]));
  let last: Promise<unknown> = Promise.resolve();
  return (name, file) => {
    const known = newest.get(name);
    if (known !== undefined && known.sha256 === sha256OfFileNow(file)) {
      return Promise.resolve({ registry: registry.url, name, version: known.version, created: false });
    }
    const registered = last.then(async () => {
      const { version, created } = await registerFile(file, registry, { name });
      return { registry: registry.url, name, version: version.version, created };
    });
    // One that fails is that model's failure: the next goes on.
    last = registered.catch(() => undefined);
    return registered;
  };
}
