/** Converters in interpreters of this machine: an environment is built when it is missing, and keeps a warm pool. */

import { availableParallelism } from 'node:os';
import path from 'node:path';
import { InterpreterPool } from '../bridge/pool.js';
import { defaultMemory, type SandboxProfile } from '../bridge/sandbox.js';
import {
  type ConverterEnvironment,
  type ConverterManifest,
  environmentOf,
  interpretersOf,
} from '../converters/manifest.js';
import { type BuildProgress, type Environment, ensureEnvironment } from '../environments/ensure.js';
import { sha256OfFile } from '../files/sha256.js';
import type { Executor, ReadyConverter } from './executor.js';

export interface LocalOptions {
  /** Interpreter to build environments with (`--python`). */
  python?: string | undefined;
  /** A folder of wheels to install from instead of an index. */
  wheelhouse?: string | undefined;
  /** The user's own packages that a pickle needs: an environment of its own. */
  wheels?: string[] | undefined;
  requirements?: string | undefined;
  /** Interpreters per environment; as many as cores when it is not said. */
  jobs?: number | undefined;
  /** Bytes of memory that the user lets an interpreter take, where that is more than the limit of each. */
  memory?: number | undefined;
  /** Folders that interpreters read beside what every one does: of converters that lie elsewhere. */
  read?: string[] | undefined;
  /** Loads nothing where a wall of the sandbox is missing (`--require-sandbox`). */
  requireSandbox?: boolean | undefined;
  onProgress?: ((progress: BuildProgress) => void) | undefined;
  signal?: AbortSignal | undefined;
}

export class LocalExecutor implements Executor {
  /** Converters that share an environment share its interpreters, but for those that want their own. */
  readonly #pools = new Map<string, InterpreterPool>();

  constructor(private readonly options: LocalOptions) {}

  /** Builds the environment, and starts an interpreter that imports the converter meanwhile. */
  async start(manifest: ConverterManifest, chosen: ConverterEnvironment): Promise<ReadyConverter> {
    const environment = await ensureEnvironment(environmentOf(manifest, chosen), this.options);
    const entry = path.join(manifest.folder, manifest.entry);
    const profile = manifest.startsJava ? 'java' : 'python';
    const pool = this.#pool(environment, interpretersOf(manifest), profile);
    // Not awaited: the interpreter imports the converter while the sample is read.
    void pool.warm(entry);
    const lockSha256 = await sha256OfFile(path.join(manifest.folder, chosen.lock));
    return { environment, pool, entry, lockSha256 };
  }

  async close(): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.close()));
    this.#pools.clear();
  }

  #pool({ folder, python }: Environment, owner: string, profile: SandboxProfile): InterpreterPool {
    const key = JSON.stringify([folder, owner, profile]);
    const { jobs: size = availableParallelism(), read, requireSandbox } = this.options;
    const memory = Math.max(defaultMemory(), this.options.memory ?? 0);
    const pool = this.#pools.get(key) ?? new InterpreterPool({ python, size, profile, read, memory, requireSandbox });
    this.#pools.set(key, pool);
    return pool;
  }
}
