/** The converters of one run: their manifests, and each environment that was asked for, made ready once. */

import { type ConverterEnvironment, type ConverterManifest, readManifests } from '../converters/manifest.js';
import { type ReadyRuntimes, readyRuntimes } from '../inference/runtimes.js';
import { DEFAULT_TARGET, TARGETS, type TargetId } from '../targets/targets.js';
import type { Executor, ReadyConverter } from './executor.js';
import { LocalExecutor, type LocalOptions } from './local-executor.js';

export interface ConvertersOptions extends LocalOptions {
  /** Where converters run; on this machine when it is not said. */
  executor?: Executor | undefined;
}

export class Converters {
  private readonly ready = new Map<string, Promise<ReadyConverter>>();
  private readonly executor: Executor;

  private constructor(
    readonly manifests: ConverterManifest[],
    private readonly options: ConvertersOptions,
  ) {
    this.executor = options.executor ?? new LocalExecutor(options);
  }

  static async open(options: ConvertersOptions = {}): Promise<Converters> {
    return new Converters(await readManifests(), options);
  }

  /** Makes the environment (the converter's first when none is named) ready, once. */
  prepare(
    manifest: ConverterManifest,
    environment: ConverterEnvironment = manifest.environments[0],
  ): Promise<ReadyConverter> {
    const key = `${manifest.id} in ${environment.name}`;
    let ready = this.ready.get(key);
    if (ready === undefined) {
      ready = this.executor.start(manifest, environment);
      this.ready.set(key, ready);
      // A build that failed or was interrupted may be tried again.
      ready.catch(() => this.ready.delete(key));
    }
    return ready;
  }

  /** The ONNX Runtimes that verify models for this target; started early, they are there when the model is. */
  runtimes(target: TargetId = DEFAULT_TARGET): Promise<ReadyRuntimes> {
    const { wheelhouse, onProgress, signal } = this.options;
    const ready = readyRuntimes(TARGETS[target], { wheelhouse, onProgress, signal });
    // Whoever awaits it gets the error; a conversion that fails before never does.
    ready.catch(() => undefined);
    return ready;
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.ready.values());
    await this.executor.close();
    this.ready.clear();
  }
}
