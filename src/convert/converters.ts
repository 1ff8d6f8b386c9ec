/** The converters of one run: their manifests, and a warm pool of interpreters for each environment that was asked for. */

import { availableParallelism } from 'node:os';
import path from 'node:path';
import { InterpreterPool } from '../bridge/pool.js';
import {
  type ConverterEnvironment,
  type ConverterManifest,
  environmentOf,
  readManifests,
} from '../converters/manifest.js';
import { sha256OfFile } from '../detect/trust.js';
import { type BuildProgress, type Environment, ensureEnvironment } from '../environments/ensure.js';
import { type ReadyRuntimes, readyRuntimes } from '../inference/runtimes.js';
import { TARGETS, type TargetId } from '../targets/targets.js';

export interface ConvertersOptions {
  /** Interpreter to build environments with (`--python`). */
  python?: string | undefined;
  /** A folder of wheels to install from instead of an index. */
  wheelhouse?: string | undefined;
  /** The user's own packages that a pickle needs: an environment of its own. */
  wheels?: string[] | undefined;
  requirements?: string | undefined;
  /** Interpreters per environment; as many as cores when it is not said. */
  jobs?: number | undefined;
  onProgress?: ((progress: BuildProgress) => void) | undefined;
  signal?: AbortSignal | undefined;
}

export interface ReadyConverter {
  environment: Environment;
  pool: InterpreterPool;
  /** The converter's Python file. */
  entry: string;
  /** sha256 of the locked requirements. */
  lockSha256: string;
}

export class Converters {
  private readonly ready = new Map<string, Promise<ReadyConverter>>();

  private constructor(
    readonly manifests: ConverterManifest[],
    private readonly options: ConvertersOptions,
  ) {}

  static async open(options: ConvertersOptions = {}): Promise<Converters> {
    return new Converters(await readManifests(), options);
  }

  /** Builds the environment (the converter's first when none is named) when it is not there yet, and starts an interpreter that imports the converter meanwhile. */
  prepare(
    manifest: ConverterManifest,
    environment: ConverterEnvironment = manifest.environments[0],
  ): Promise<ReadyConverter> {
    const key = `${manifest.id} in ${environment.name}`;
    let ready = this.ready.get(key);
    if (ready === undefined) {
      ready = this.start(manifest, environment);
      this.ready.set(key, ready);
      // A build that failed or was interrupted may be tried again.
      ready.catch(() => this.ready.delete(key));
    }
    return ready;
  }

  /** Where a model for this target is verified; started early, it is there when the model is. */
  runtimes(target: TargetId = 'sql-edge'): Promise<ReadyRuntimes> {
    const { wheelhouse, onProgress, signal } = this.options;
    const ready = readyRuntimes(TARGETS[target], { wheelhouse, onProgress, signal });
    // Whoever awaits it gets the error; a conversion that fails before never does.
    ready.catch(() => undefined);
    return ready;
  }

  async close(): Promise<void> {
    const all = await Promise.allSettled(this.ready.values());
    await Promise.all(all.map((result) => (result.status === 'fulfilled' ? result.value.pool.close() : undefined)));
    this.ready.clear();
  }

  private async start(manifest: ConverterManifest, chosen: ConverterEnvironment): Promise<ReadyConverter> {
    const { jobs = availableParallelism(), ...build } = this.options;
    const environment = await ensureEnvironment(environmentOf(manifest, chosen), build);
    const entry = path.join(manifest.folder, manifest.entry);
    const pool = new InterpreterPool({ python: environment.python, size: jobs });
    // Not awaited: the interpreter imports the converter while the sample is read.
    void pool.warm(entry);
    const lockSha256 = await sha256OfFile(path.join(manifest.folder, chosen.lock));
    return { environment, pool, entry, lockSha256 };
  }
}
