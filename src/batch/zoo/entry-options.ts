/** Options of a `zoo.yaml` as conversions take them. */

import path from 'node:path';
import { givenInputs, imageSize, list, milliseconds } from '../../convert/option-text.js';
import type { ModelOptions } from './zoo.js';
import type { ZooOptions } from './zoo-schema.js';

/** Only those that are said. Paths are relative to the zoo's folder. */
export function modelOptions(said: ZooOptions, root: string): ModelOptions {
  const batch = said['batch-dim'];
  return given({
    sample: said.sample === undefined ? undefined : path.resolve(root, said.sample),
    columns: names(said.columns),
    precision: said.precision,
    onNull: said['on-null'],
    onUnknown: said['on-unknown'],
    batch: batch === undefined ? undefined : batch === 'N' ? 'N' : 1,
    outputs: names(said.outputs),
    top: said.top,
    weights: said.weights,
    imageSize: imageSize(said['image-size']),
    inputs: givenInputs(said.input === undefined ? undefined : [said.input].flat()),
    factory: said.factory,
    signature: said.signature,
    tag: said.tag,
    rtol: said.rtol,
    atol: said.atol,
    converter: said.converter,
    environment: said.environment,
    timeout: milliseconds(said.timeout),
  });
}

/** The options that are there: those that are undefined would hide others beneath them. */
export function given(options: ModelOptions): ModelOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function names(said: (string | number)[] | string | undefined): string[] | undefined {
  return typeof said === 'string' ? list(said) : said?.map(String);
}
