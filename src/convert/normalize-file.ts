/** Normalisation alone, for any ONNX file: output shapes are learned by running it in a process that can be killed. */

import type { LoadedModel } from '../graph/codec/loaded-model.js';
import { normalize } from '../graph/normalize.js';
import type { Normalized } from '../graph/normalize-options.js';
import { openSession } from '../inference/open.js';
import { packageVersion } from '../paths.js';
import { DEFAULT_TARGET, TARGETS } from '../targets/targets.js';
import { type ConversionOptions, normalizing, type TakenBy } from './options/conversion-options.js';
import { probeFeeds } from './probe-feeds.js';

export type NormalizeFileOptions = Pick<ConversionOptions, TakenBy<'normalize'>>;

/** Throws what the passes refuse, naming tensor, operator and rule. */
export async function normalizeFile(bytes: Uint8Array, options: NormalizeFileOptions = {}): Promise<Normalized> {
  const { target = DEFAULT_TARGET, timeout } = options;
  return normalize(bytes, {
    target: TARGETS[target],
    ...normalizing(options),
    metadata: { target, version: packageVersion() },
    observe: (graph) => observeShapes(graph, timeout),
  });
}

/** The shapes that the outputs really have on a few rows. */
async function observeShapes(
  { bytes, model }: LoadedModel,
  timeout: number | undefined,
): Promise<Record<string, number[]>> {
  const session = await openSession(bytes, { runtime: '1.30.0', origin: 'foreign', timeout });
  try {
    const outputs = await session.run(probeFeeds(model));
    return Object.fromEntries(Object.entries(outputs).map(([name, { shape }]) => [name, shape]));
  } finally {
    await session.close();
  }
}
