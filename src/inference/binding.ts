/**
 * ONNX Runtime's native module for Node, in the few calls that we need: what npm's package puts around it is a package of its
 * own for each version. Both versions answer alike, but for where they keep the names.
 */

import { createRequire } from 'node:module';
import { isMainThread } from 'node:worker_threads';

/** What the module takes and gives; types by its own names, e.g. `float32`. */
export class NativeTensor {
  /** In memory, and not on a processor of graphics. */
  readonly location = 'cpu';

  constructor(
    readonly type: string,
    readonly data: unknown,
    readonly dims: readonly number[],
  ) {}
}

export interface NativeSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /** The calling thread stands still meanwhile. */
  run(feeds: Record<string, NativeTensor>, fetches?: readonly string[]): Record<string, NativeTensor>;
  close(): void;
}

interface Binding {
  /** Since 1.18; must have been called before the first session of each thread. */
  initOrtOnce?(logLevel: number, tensor: typeof NativeTensor, mainThread: boolean): void;
  InferenceSession: new () => NativeInferenceSession;
}

interface NativeInferenceSession {
  loadModel(file: string, options: object): void;
  loadModel(buffer: ArrayBufferLike, offset: number, length: number, options: object): void;
  inputNames?: string[];
  outputNames?: string[];
  inputMetadata?: { name: string }[];
  outputMetadata?: { name: string }[];
  run(feeds: object, fetches: Record<string, null>, options: object): Record<string, NativeTensor>;
  dispose?(): void;
}

const FATAL_ONLY = 4;

/** Parallelism comes from several workers, each with one thread: two of them gave 1.4 times one with two threads. */
const SESSION_OPTIONS = { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: FATAL_ONLY } as const;

/**
 * From 1.29 on, official builds report each model that they load to Microsoft, with the names and hashes of it, unless
 * this is set when they are loaded: https://github.com/microsoft/onnxruntime/blob/main/docs/Privacy.md. A worker thread
 * cannot set it, but whoever starts one has this module loaded.
 */
process.env.ORT_DISABLE_TELEMETRY = '1';

const require = createRequire(import.meta.url);
const loaded = new Map<string, Binding>();

/** `file`: the native module, as ensureRuntime gives it. The graph is its bytes, or the path of a file with them. */
export function openNative(file: string, graph: Uint8Array | string): NativeSession {
  const session = new (loadBinding(file).InferenceSession)();
  if (typeof graph === 'string') session.loadModel(graph, SESSION_OPTIONS);
  else session.loadModel(graph.buffer, graph.byteOffset, graph.byteLength, SESSION_OPTIONS);
  const inputNames = namesOf(session.inputNames, session.inputMetadata);
  const outputNames = namesOf(session.outputNames, session.outputMetadata);
  return {
    inputNames,
    outputNames,
    run: (feeds, fetches = outputNames) => {
      const missing = inputNames.find((name) => feeds[name] === undefined);
      if (missing !== undefined) throw new Error(`input ${missing} is missing`);
      return session.run(feeds, Object.fromEntries(fetches.map((name) => [name, null])), {});
    },
    close: () => session.dispose?.(),
  };
}

/** Once a thread. */
export function loadBinding(file: string): Binding {
  let binding = loaded.get(file);
  if (binding === undefined) {
    binding = require(file) as Binding;
    binding.initOrtOnce?.(FATAL_ONLY, NativeTensor, isMainThread);
    loaded.set(file, binding);
  }
  return binding;
}

function namesOf(names: string[] | undefined, metadata: { name: string }[] | undefined): string[] {
  return names ?? metadata?.map(({ name }) => name) ?? [];
}
