/** Options of a `zoo.yaml` as conversions take them. */

import path from 'node:path';
import { readOptions } from '../../convert/options/conversion-options.js';
import type { ModelOptions } from './zoo.js';
import type { ZooOptions } from './zoo-schema.js';

/** Only those that are said, but for the targets, which make models of their own. Paths are relative to the zoo's folder. */
export function modelOptions({ tags, target, targets, ...said }: ZooOptions, root: string): ModelOptions {
  const options = readOptions(said);
  return said.sample === undefined ? options : { ...options, sample: path.resolve(root, said.sample) };
}
