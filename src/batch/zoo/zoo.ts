/** A model zoo as it is read: models with names and options, before anything is known of what they are. */

import type { ConvertOptions } from '../../convert/convert.js';
import type { PredictableError } from '../../errors.js';

/** What a zoo may say about a model: everything but trust and the run itself. */
export type ModelOptions = Omit<ConvertOptions, 'trust' | 'signal'>;

export interface ZooModel {
  /** Of its results, and in the registry: unique ignoring case. */
  name: string;
  /** Relative to the zoo's folder, with `/`: what documents call it. */
  source: string;
  /** Absolute path of the file or folder that a converter reads. */
  path: string;
  tags: string[];
  /** `sample` is an absolute path, or rows at hand. */
  options: ModelOptions;
  /** Absolute paths of further files that the options were taken from: when they change, the result may. */
  readFrom: string[];
  /** Why it cannot be converted, when that is clear already: it becomes a failed result. */
  problem?: PredictableError | undefined;
}

export interface Zoo {
  title: string;
  /** Absolute. */
  root: string;
  models: ZooModel[];
}
