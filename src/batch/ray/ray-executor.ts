/** Converters as tasks of a Ray cluster: an existing one, or one of this machine that lives as long as the run. */

import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { REPRODUCIBLE } from '../../bridge/interpreter-variables.js';
import { NO_SANDBOX } from '../../bridge/sandbox.js';
import type { Executor, ReadyConverter } from '../../convert/executor.js';
import {
  type ConverterEnvironment,
  type ConverterManifest,
  environmentOf,
  interpretersOf,
} from '../../converters/manifest.js';
import type { BuildProgress } from '../../environments/ensure.js';
import { within } from '../../environments/versions.js';
import { PredictableError } from '../../errors.js';
import { sha256OfFile } from '../../files/sha256.js';
import { packageRoot } from '../../paths.js';
import { RayDriver, type RayEnvironment } from './driver.js';
import { driverEnvironment, driverVariables } from './environment.js';
import { newLocalFolder, removeLocalFolder } from './local-folder.js';
import { lockedPip } from './runtime-env.js';

export interface RayOptions {
  /** `HOST:PORT` of the head from a node of the cluster, `ray://HOST:PORT` from elsewhere, or `auto`; without it, a cluster of this machine. */
  address?: string | undefined;
  /** CPUs of a cluster of this machine. */
  jobs?: number | undefined;
  /** Interpreter of the driver (`--python`): of the cluster's minor version. */
  python?: string | undefined;
  /** A folder of wheels to install from instead of an index; nodes need it at the same path. */
  wheelhouse?: string | undefined;
  /** The folder that converters come from. */
  converters?: string | undefined;
  onProgress?: ((progress: BuildProgress) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/** A driver, and the minor version of the cluster's Python. */
interface Connected {
  driver: RayDriver;
  python: string;
}

export class RayExecutor implements Executor {
  #connected: Promise<Connected> | undefined;
  #folder: string | undefined;

  constructor(private readonly options: RayOptions = {}) {}

  /** Besides, RAY_UNREACHABLE or RAY_MISMATCH; a node has built the environment when this resolves. */
  async start(manifest: ConverterManifest, chosen: ConverterEnvironment): Promise<ReadyConverter> {
    const { driver, python } = await this.#connect();
    mustFit(manifest, chosen, python);
    const built = environmentOf(manifest, chosen);
    const pip = await lockedPip(built, this.options.wheelhouse);
    const key = createHash('sha256')
      .update(JSON.stringify([pip, interpretersOf(manifest)]))
      .digest('hex');
    const environment: RayEnvironment = { key, name: chosen.name };
    const entry = path.join(manifest.folder, manifest.entry);
    await driver.prepare(environment, pip);
    this.options.onProgress?.({ phase: 'preparing', done: 0, total: pip.packages.length });
    await driver.call(environment, { action: 'warm', converter: entry }, { signal: this.options.signal });
    this.options.onProgress?.({ phase: 'ready', done: pip.packages.length, total: pip.packages.length });
    const pool = {
      call: (request: object, options = {}) => driver.call(environment, request, options),
      // Ray itself ends workers that have nothing to do.
      rest: () => Promise.resolve(),
      close: () => Promise.resolve(),
      // Workers of Ray's own load models as they are: no wall around them can be measured from here.
      sandbox: () => NO_SANDBOX,
    };
    const lockSha256 = await sha256OfFile(path.join(manifest.folder, chosen.lock));
    return { environment: { name: chosen.name }, pool, entry, lockSha256 };
  }

  /** How many conversions the cluster runs at once; it may grow when more are waiting, so never less than one. */
  async capacity(): Promise<number> {
    const { driver } = await this.#connect();
    return Math.max(1, await driver.capacity());
  }

  async close(): Promise<void> {
    await this.#connected?.then(
      ({ driver }) => driver.close(),
      () => undefined,
    );
    this.#connected = undefined;
    if (this.#folder !== undefined) await removeLocalFolder(this.#folder);
    this.#folder = undefined;
  }

  #connect(): Promise<Connected> {
    this.#connected ??= this.#newConnection();
    return this.#connected;
  }

  async #newConnection(): Promise<Connected> {
    const { address = null, jobs, signal, converters = path.join(packageRoot, 'converters'), ...build } = this.options;
    const { python, entry } = await driverEnvironment({ ...build, signal });
    const driver = new RayDriver(python, entry, driverVariables(address));
    if (address === null) this.#folder = await newLocalFolder();
    const connection = {
      address,
      cpus: jobs ?? availableParallelism(),
      folder: this.#folder ?? '',
      converters,
      variables: REPRODUCIBLE,
    };
    return { driver, python: await driver.connect(connection, signal) };
  }
}

/** Another environment of the converter could stand in, but would not give the same bytes as a run on this machine. */
function mustFit(manifest: ConverterManifest, { name, python }: ConverterEnvironment, cluster: string): void {
  if (within(cluster, python)) return;
  const range = python.min === python.max ? python.min : `${python.min} to ${python.max}`;
  throw new PredictableError(
    'RAY_MISMATCH',
    `${manifest.title} (environment ${name}) needs Python ${range}, and the Ray cluster runs Python ${cluster}.`,
    {
      hint: `Convert these models with --executor local, or on a cluster of Python ${python.max}.`,
      details: { converter: manifest.id, environment: name, needs: python, cluster },
    },
  );
}
