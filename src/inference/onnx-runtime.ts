/** Answers inference requests with an ONNX Runtime of the version asked for; runs inside a worker thread or a child process. */

import { createRequire } from 'node:module';
import type * as OrtModule from 'onnxruntime-node';
import { type ErrorDocument, errorFromDocument, PredictableError } from '../errors.js';
import type { RuntimeVersion } from '../targets/targets.js';
import type { InferenceReply, InferenceRequest } from './protocol.js';
import type { Session, Tensor, TensorData } from './session.js';

type Ort = typeof OrtModule;

/** Both are CommonJS, and 1.12.1 assigns its exports where an ESM import does not see them. */
const require = createRequire(import.meta.url);

/**
 * From 1.29 on, official builds report each model that they load to Microsoft, with the names and hashes of it, unless
 * this is set when they are loaded: https://github.com/microsoft/onnxruntime/blob/main/docs/Privacy.md. A worker thread
 * cannot set it, but whoever starts one has this module loaded.
 */
process.env.ORT_DISABLE_TELEMETRY = '1';

const FATAL_ONLY = 4;

/** Our names of element types, ONNX Runtime's, and back. */
const ORT_TYPES = {
  float: 'float32',
  double: 'float64',
  int32: 'int32',
  int64: 'int64',
  bool: 'bool',
  string: 'string',
} as const satisfies Record<Tensor['type'], OrtModule.Tensor.Type>;
const TYPES = new Map(Object.entries(ORT_TYPES).map(([ours, theirs]) => [theirs, ours as Tensor['type']] as const));

/** Parallelism comes from several workers, each with one thread: two of them gave 1.4 times one with two threads. */
const SESSION_OPTIONS = { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: FATAL_ONLY } as const;

/** The handler of one thread or process: keeps its sessions, never throws. */
export function inferenceHandler(): (request: InferenceRequest) => Promise<InferenceReply> {
  const sessions = new Map<number, { ort: Ort; session: OrtModule.InferenceSession }>();
  return async (request) => {
    const { id } = request;
    try {
      switch (request.action) {
        case 'load': {
          const ort = loadRuntime(request.runtime);
          const session = await createSession(ort, request.graph);
          sessions.set(request.session, { ort, session });
          return { id, inputNames: [...session.inputNames], outputNames: [...session.outputNames] };
        }
        case 'run': {
          const loaded = sessions.get(request.session);
          if (loaded === undefined) throw new Error(`session ${request.session} is closed`);
          return { id, outputs: await run(loaded.ort, loaded.session, request.feeds) };
        }
        case 'release': {
          await sessions.get(request.session)?.session.release?.();
          sessions.delete(request.session);
          return { id, released: true };
        }
        case 'warm':
          loadRuntime(request.runtime);
          return { id, warm: true };
      }
    } catch (thrown) {
      return { id, error: inferenceError(thrown) };
    }
  };
}

/** The runtime's types have one form for bytes and one for a path. */
function createSession(ort: Ort, graph: Uint8Array | string): Promise<OrtModule.InferenceSession> {
  return typeof graph === 'string'
    ? ort.InferenceSession.create(graph, SESSION_OPTIONS)
    : ort.InferenceSession.create(graph, SESSION_OPTIONS);
}

/** A session in the calling thread, which stands still while the graph runs; the feeds stay the caller's. */
export async function openHere(bytes: Uint8Array, runtime: RuntimeVersion): Promise<Session> {
  const failed = (thrown: unknown): never => {
    throw errorFromDocument(inferenceError(thrown));
  };
  try {
    const ort = loadRuntime(runtime);
    const session = await ort.InferenceSession.create(bytes, SESSION_OPTIONS);
    return {
      runtime,
      inputNames: session.inputNames,
      outputNames: session.outputNames,
      run: (feeds) => run(ort, session, feeds).catch(failed),
      close: async () => session.release?.(),
    };
  } catch (thrown) {
    return failed(thrown);
  }
}

/** The buffers that may move with a message instead of being copied. */
export function transferables(tensors: Record<string, Tensor>): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  for (const { data } of Object.values(tensors)) {
    if (!Array.isArray(data) && data.buffer instanceof ArrayBuffer) buffers.add(data.buffer);
  }
  return [...buffers];
}

function loadRuntime(version: RuntimeVersion): Ort {
  switch (version) {
    case '1.30.0':
      return require('onnxruntime-node') as Ort;
    case '1.12.1':
      return require('onnxruntime-edge2') as Ort;
    case '1.5.2':
      throw new PredictableError('INFERENCE_FAILED', 'ONNX Runtime 1.5.2 runs in Python 3.8, not here');
  }
}

async function run(
  ort: Ort,
  session: OrtModule.InferenceSession,
  feeds: Record<string, Tensor>,
): Promise<Record<string, Tensor>> {
  const inputs: Record<string, OrtModule.Tensor> = {};
  for (const [name, { type, data, shape }] of Object.entries(feeds)) {
    inputs[name] = new ort.Tensor(ORT_TYPES[type], data, shape);
  }
  const results = await session.run(inputs);
  const outputs: Record<string, Tensor> = {};
  for (const name of session.outputNames) {
    const result = results[name];
    if (result === undefined) continue;
    outputs[name] = { type: outputType(name, result.type), shape: [...result.dims], data: result.data as TensorData };
  }
  return outputs;
}

function outputType(name: string, type: OrtModule.Tensor.Type): Tensor['type'] {
  const ours = (TYPES as ReadonlyMap<string, Tensor['type']>).get(type);
  if (ours === undefined) throw new PredictableError('UNSUPPORTED_TYPE', `output ${name} is of type ${type}`);
  return ours;
}

function inferenceError(thrown: unknown): ErrorDocument {
  if (thrown instanceof PredictableError) return thrown.toJSON();
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  if (/bad_alloc|bad allocation|Failed to allocate memory/i.test(message)) {
    return { code: 'OUT_OF_MEMORY', message, hint: 'Free memory, or score fewer rows at a time.' };
  }
  return { code: 'INFERENCE_FAILED', message };
}
