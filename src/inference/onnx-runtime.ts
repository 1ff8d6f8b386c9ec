/** Answers inference requests with an ONNX Runtime of the version asked for; runs inside a worker thread or a child process. */

import { type ErrorDocument, PredictableError } from '../errors.js';
import type { Tensor, TensorData } from '../tensor.js';
import { loadBinding, type NativeSession, NativeTensor, openNative } from './binding.js';
import type { InferenceReply, InferenceRequest } from './protocol.js';

/** Our names of element types, ONNX Runtime's, and back. */
const NATIVE_TYPES = {
  float: 'float32',
  double: 'float64',
  int32: 'int32',
  int64: 'int64',
  bool: 'bool',
  string: 'string',
} as const satisfies Record<Tensor['type'], string>;
const TYPES = new Map<string, Tensor['type']>(
  Object.entries(NATIVE_TYPES).map(([ours, theirs]) => [theirs, ours as Tensor['type']]),
);

/** The handler of one thread or process: keeps its sessions, never throws. */
export function inferenceHandler(): (request: InferenceRequest) => Promise<InferenceReply> {
  const sessions = new Map<number, NativeSession>();
  return async (request) => {
    const { id } = request;
    try {
      switch (request.action) {
        case 'load': {
          const session = openNative(request.binding, request.graph);
          sessions.set(request.session, session);
          return { id, inputNames: [...session.inputNames], outputNames: [...session.outputNames] };
        }
        case 'run': {
          const session = sessions.get(request.session);
          if (session === undefined) throw new Error(`session ${request.session} is closed`);
          return { id, outputs: run(session, request.feeds) };
        }
        case 'release': {
          sessions.get(request.session)?.close();
          sessions.delete(request.session);
          return { id, released: true };
        }
        case 'warm':
          loadBinding(request.binding);
          return { id, warm: true };
      }
    } catch (thrown) {
      return { id, error: inferenceError(thrown) };
    }
  };
}

/** The buffers that may move with a message instead of being copied. */
export function transferables(tensors: Record<string, Tensor>): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  for (const { data } of Object.values(tensors)) {
    if (!Array.isArray(data) && data.buffer instanceof ArrayBuffer) buffers.add(data.buffer);
  }
  return [...buffers];
}

export function run(session: NativeSession, feeds: Record<string, Tensor>): Record<string, Tensor> {
  const inputs = Object.fromEntries(
    Object.entries(feeds).map(([name, { type, data, shape }]) => [
      name,
      new NativeTensor(NATIVE_TYPES[type], data, shape),
    ]),
  );
  const results = session.run(inputs);
  const outputs = session.outputNames.flatMap((name): [string, Tensor][] => {
    const result = results[name];
    if (result === undefined) return [];
    const tensor = { type: outputType(name, result.type), shape: [...result.dims], data: result.data as TensorData };
    return [[name, tensor]];
  });
  return Object.fromEntries(outputs);
}

function outputType(name: string, type: string): Tensor['type'] {
  const ours = TYPES.get(type);
  if (ours === undefined) throw new PredictableError('UNSUPPORTED_TYPE', `output ${name} is of type ${type}`);
  return ours;
}

export function inferenceError(thrown: unknown): ErrorDocument {
  if (thrown instanceof PredictableError) return thrown.toJSON();
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  if (/bad_alloc|bad allocation|Failed to allocate memory/i.test(message)) {
    return { code: 'OUT_OF_MEMORY', message, hint: 'Free memory, or score fewer rows at a time.' };
  }
  return { code: 'INFERENCE_FAILED', message };
}
