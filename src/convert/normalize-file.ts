/** Normalisation alone, for any ONNX file: output shapes are learned by running it in a process that can be killed. */

import { normalize } from '../graph/normalize.js';
import type { Normalized } from '../graph/normalize-options.js';
import { openSession } from '../inference/open.js';
import { packageVersion } from '../paths.js';
import type { NullPolicy, UnknownPolicy } from '../signature.js';
import { TARGETS, type TargetId } from '../targets/targets.js';
import { probeFeeds } from './probe-feeds.js';

export interface NormalizeFileOptions {
  target?: TargetId | undefined;
  columns?: string[] | undefined;
  onNull?: NullPolicy | undefined;
  onUnknown?: UnknownPolicy | undefined;
  batch?: 'N' | 1 | undefined;
  outputs?: string[] | undefined;
  /** Only the K largest of the widest output's columns, and which they are. */
  top?: number | undefined;
  /** Weights in half precision, cast back in the graph. */
  weights?: 'float32' | 'float16' | undefined;
  /** Height and width of the picture that the columns make. */
  imageSize?: [number, number] | undefined;
  /** Milliseconds that a run of the graph may take. */
  timeout?: number | undefined;
}

/** Throws what the passes refuse, naming tensor, operator and rule. */
export async function normalizeFile(bytes: Uint8Array, options: NormalizeFileOptions = {}): Promise<Normalized> {
  const { target = 'sql-edge', columns, onNull, onUnknown, batch, outputs, top, weights, imageSize, timeout } = options;
  return normalize(bytes, {
    target: TARGETS[target],
    ...(columns === undefined ? {} : { columnNames: columns }),
    ...(onNull === undefined ? {} : { onNull }),
    ...(onUnknown === undefined ? {} : { onUnknown }),
    ...(batch === undefined ? {} : { batch }),
    ...(outputs === undefined ? {} : { outputs }),
    ...(top === undefined ? {} : { top }),
    ...(weights === undefined ? {} : { weights }),
    ...(imageSize === undefined ? {} : { imageSize }),
    metadata: { target, version: packageVersion() },
    observe: (graph) => observeShapes(graph, timeout),
  });
}

/** The shapes that the outputs really have on a few rows. */
async function observeShapes(graph: Uint8Array, timeout: number | undefined): Promise<Record<string, number[]>> {
  const session = await openSession(graph, {
    runtime: '1.30.0',
    origin: 'foreign',
    ...(timeout === undefined ? {} : { timeout }),
  });
  try {
    const outputs = await session.run(probeFeeds(graph));
    return Object.fromEntries(Object.entries(outputs).map(([name, { shape }]) => [name, shape]));
  } finally {
    await session.close();
  }
}
