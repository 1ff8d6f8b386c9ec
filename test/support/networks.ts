/** The samples of networks, as samples/<framework>/models.json lists them, with what their files leave open. */

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ConvertAllOptions } from '../../src/convert/convert-all.js';
import { givenInputs } from '../../src/convert/options/text.js';
import { packageRoot } from '../../src/paths.js';

export interface NetworkSample {
  file: string;
  format: string;
  shows: string;
  /** As on the command line. */
  inputs?: string[];
  factory?: string;
  signature?: string;
  outputs?: string[];
  atol?: number;
  /** How it ends when it is not verified: a code. */
  expected?: string;
  refused?: string;
  /** How it ends when the file is trusted, and by keras-onnx, when that is asked for. */
  trusted?: string;
  kerasOnnx?: string;
}

/** What train.py makes, and then the saved files of test/batteries/fixtures. */
export async function networkSamples(framework: string): Promise<NetworkSample[]> {
  const listed = JSON.parse(await readFile(path.join(packageRoot, 'samples', framework, 'models.json'), 'utf8'));
  return [...listed.models, ...(listed.fixtures ?? [])];
}

/** A function that builds the network is code, which has to be trusted. */
export function sampleOptions(sample: NetworkSample): Partial<ConvertAllOptions> {
  const { inputs, factory, signature, outputs, atol } = sample;
  const trust = factory === undefined ? {} : { trust: { all: true } };
  return { inputs: inputs && givenInputs(inputs), factory, ...trust, signature, outputs, atol };
}

/** The sample of that file name. */
export function sampleOf(samples: NetworkSample[], file: string): NetworkSample {
  const found = samples.find((sample) => sample.file === file);
  if (found === undefined) throw new Error(`no sample ${file}`);
  return found;
}
