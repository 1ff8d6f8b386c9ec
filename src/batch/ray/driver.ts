/** The one interpreter that is connected to a Ray cluster: conversions in, results out, as long as any is under way. */

import { subjectOf } from '../../bridge/crash.js';
import { openEnvelope } from '../../bridge/envelope.js';
import { cancelled, timedOut } from '../../bridge/failures.js';
import { InterpreterPool } from '../../bridge/pool.js';
import { NO_SANDBOX } from '../../bridge/sandbox.js';
import type { CallOptions } from '../../convert/executor.js';
import { PredictableError } from '../../errors.js';
import { driverError, taskError } from './failures.js';
import { capacitySchema, connectedSchema, type Done, exchangedSchema, type Submission } from './protocol.js';
import type { RayPip } from './runtime-env.js';

/** Seconds that an exchange waits for a result; a new conversion or a cancellation waits as long at most. */
const WAIT = 0.05;
/** An exchange only waits that long and moves files: a driver that takes so many milliseconds is stuck. */
const STUCK = 5 * 60_000;
/** Ray gives up by itself before; this ends what it does not give up. */
const CONNECTING = 120_000;
/** Seconds that a node may take to install an environment, for which it may have to fetch gigabytes. */
const BUILDING = 3_600;
const CLOSING = 10_000;

interface Connection {
  /** Null for a cluster of this machine alone, which has `cpus` and its files in `folder`. */
  address: string | null;
  cpus: number;
  folder: string;
  /** The folder of converters that nodes get, and the variables of their interpreters. */
  converters: string;
  variables: Record<string, string>;
}

/** An environment that the driver knows: its key, and its name in messages. */
export interface RayEnvironment {
  key: string;
  name: string;
}

interface Call {
  environment: RayEnvironment;
  subject: string;
  timeout: number;
  resolve(envelope: string): void;
  reject(error: unknown): void;
  /** Why it ends before it has a result. */
  stopped?: PredictableError;
  deadline?: NodeJS.Timeout;
}

export class RayDriver {
  readonly #interpreter: InterpreterPool;
  readonly #entry: string;
  readonly #calls = new Map<number, Call>();
  #submissions: Submission[] = [];
  #cancellations: number[] = [];
  #count = 0;
  #exchanging = false;
  #local = false;
  #ended: PredictableError | undefined;

  constructor(python: string, entry: string, env: Record<string, string>) {
    this.#interpreter = new InterpreterPool({ python, size: 1, env, profile: null });
    this.#entry = entry;
  }

  /** Returns the minor version of the cluster's Python. Throws RAY_UNREACHABLE, RAY_MISMATCH or USAGE. */
  async connect(connection: Connection, signal?: AbortSignal): Promise<string> {
    this.#local = connection.address === null;
    try {
      const answer = await this.#ask({ action: 'connect', ...connection }, CONNECTING, signal);
      return connectedSchema.parse(answer).python;
    } catch (thrown) {
      throw await this.#end(driverError(thrown));
    }
  }

  /** How many conversions the cluster runs at once, as it is now. */
  async capacity(): Promise<number> {
    return capacitySchema.parse(await this.#askOrEnd({ action: 'capacity' }));
  }

  /** Builds nothing yet: a node does when it gets a conversion. */
  async prepare({ key }: RayEnvironment, pip: RayPip): Promise<void> {
    await this.#askOrEnd({ action: 'environment', key, pip, seconds: BUILDING });
  }

  /** One conversion as one task of the cluster; rejects as a ConverterPool does, or with RAY_UNREACHABLE. */
  async call(environment: RayEnvironment, request: object, options: CallOptions = {}): Promise<unknown> {
    const { signal, timeout = 0, memory = null } = options;
    const subject = subjectOf(request);
    if (this.#ended !== undefined) throw this.#ended;
    if (signal?.aborted) throw cancelled(subject);
    options.admit?.(NO_SANDBOX);
    const number = this.#count++;
    const cancel = () => this.#stop(number, cancelled(subject));
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      const envelope = await new Promise<string>((resolve, reject) => {
        this.#calls.set(number, { environment, subject, timeout, resolve, reject });
        this.#submissions.push({ number, environment: environment.key, request, memory });
        void this.#exchange();
      });
      return openEnvelope(envelope);
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }

  /** Ends what is under way, and a cluster of this machine at once: its processes are the interpreter's own. */
  async close(): Promise<void> {
    if (this.#ended === undefined && !this.#local)
      await this.#ask({ action: 'disconnect' }, CLOSING).catch(() => undefined);
    await this.#end(new PredictableError('CANCELLED', 'The connection to the Ray cluster was closed.'));
  }

  /** Runs as long as there is something under way; the bridge takes one call at a time. */
  async #exchange(): Promise<void> {
    if (this.#exchanging) return;
    this.#exchanging = true;
    try {
      while (this.#calls.size > 0) {
        const [submit, cancel] = [this.#submissions, this.#cancellations];
        [this.#submissions, this.#cancellations] = [[], []];
        const answer = await this.#askOrEnd({ action: 'exchange', submit, cancel, wait: WAIT });
        const { done, begun } = exchangedSchema.parse(answer);
        for (const number of begun) this.#begin(number);
        for (const result of done) this.#finish(result);
      }
    } catch (thrown) {
      await this.#end(driverError(thrown));
    } finally {
      this.#exchanging = false;
    }
  }

  /** Its time runs from here; Ray's second try begins it anew. */
  #begin(number: number): void {
    const call = this.#calls.get(number);
    if (call === undefined || call.timeout === 0 || call.stopped !== undefined) return;
    clearTimeout(call.deadline);
    call.deadline = setTimeout(() => this.#stop(number, timedOut(call.subject, call.timeout, [])), call.timeout);
  }

  #stop(number: number, reason: PredictableError): void {
    const call = this.#calls.get(number);
    if (call === undefined || call.stopped !== undefined) return;
    call.stopped = reason;
    this.#cancellations.push(number);
  }

  #finish({ number, envelope, failure }: Done): void {
    const call = this.#calls.get(number);
    if (call === undefined) return;
    this.#calls.delete(number);
    clearTimeout(call.deadline);
    if (call.stopped !== undefined) call.reject(call.stopped);
    else if (envelope !== undefined) call.resolve(envelope);
    else call.reject(taskError(failure, call.subject, call.environment.name));
  }

  #ask(request: object, timeout: number, signal?: AbortSignal): Promise<unknown> {
    return this.#interpreter.call({ converter: this.#entry, ...request }, { timeout, signal });
  }

  async #askOrEnd(request: object): Promise<unknown> {
    try {
      return await this.#ask(request, STUCK);
    } catch (thrown) {
      throw await this.#end(driverError(thrown));
    }
  }

  /** Nothing more is possible: an interpreter that is started anew is not connected. Returns why. */
  async #end(reason: PredictableError): Promise<PredictableError> {
    this.#ended ??= reason;
    for (const { deadline, stopped, reject } of this.#calls.values()) {
      clearTimeout(deadline);
      reject(stopped ?? this.#ended);
    }
    this.#calls.clear();
    await this.#interpreter.close();
    return this.#ended;
  }
}
