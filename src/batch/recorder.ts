/** Results as they come: kept in the run's folder, written into the journal, registered, and told. */

import path from 'node:path';
import { asPredictableError, type ErrorCode } from '../errors.js';
import type { Attempt } from './convert-model.js';
import type { Journal, JournalEntry } from './journal.js';
import type { Register } from './registering.js';
import { keep } from './result-files.js';
import type { ModelResult } from './results.js';
import type { RunFolder } from './run-folder.js';
import type { ZooModel } from './zoo/zoo.js';

interface RecorderOptions {
  folder: RunFolder;
  journal: Journal;
  /** See `lockKeys` and `trustKey`. */
  lockOf: (converter: string | undefined) => string;
  trust: string;
  register?: Register | undefined;
  onResult?: ((result: ModelResult) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/** Errors of the machine or of the moment, not of the model: the next run converts a model that ended in one again. */
const PASSING: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'CONVERTER_CRASHED',
  'CONVERTER_TIMEOUT',
  'INFERENCE_TIMEOUT',
  'OUT_OF_MEMORY',
  'DISK_FULL',
  'ENVIRONMENT_FAILED',
  'PYTHON_NOT_FOUND',
  'JAVA_NOT_FOUND',
  'SANDBOX_UNAVAILABLE',
  'PERMISSION_DENIED',
  'FILE_NOT_FOUND',
  'RAY_UNREACHABLE',
  'RAY_MISMATCH',
  'INTERNAL',
]);

export class Recorder {
  /** By the model's name. */
  readonly results = new Map<string, ModelResult>();

  constructor(private readonly options: RecorderOptions) {}

  /** Tells the result that an earlier run wrote into the journal; a converted model counts as cached. */
  async recall({ tags }: ZooModel, { result }: JournalEntry): Promise<void> {
    const status = result.status === 'converted' ? 'cached' : result.status;
    await this.#tell({ ...result, tags, status, attempts: 0 });
  }

  /** Keeps a result of this run. A cancelled conversion is none: the next run does that model. */
  async record({ tags }: ZooModel, key: string, { result, evidence }: Attempt): Promise<void> {
    const { folder, journal, lockOf, trust } = this.options;
    const code = result.error?.code;
    if (code === 'CANCELLED') return;
    const files = await keep(folder, result, evidence);
    journal.append({
      key: code !== undefined && PASSING.has(code) ? '' : key,
      lock: lockOf(result.converter),
      ...(code === 'UNTRUSTED_ARTIFACT' ? { trust } : {}),
      files,
      result: { ...result, tags },
    });
    await this.#tell(result);
  }

  async #tell(result: ModelResult): Promise<void> {
    const told = await registered(result, this.options);
    this.results.set(told.name, told);
    this.options.onResult?.(told);
  }
}

/** A model that cannot be registered is converted all the same: the journal says so, and the next run tries again. */
async function registered(result: ModelResult, { register, folder, signal }: RecorderOptions): Promise<ModelResult> {
  if (register === undefined || result.output === undefined || result.status === 'failed' || signal?.aborted)
    return result;
  try {
    return { ...result, registered: await register(result.name, path.join(folder.root, result.output)) };
  } catch (thrown) {
    return { ...result, status: 'failed', error: asPredictableError(thrown).toJSON() };
  }
}
