/** `--factory module:function`: the user's own function that makes the network which a file's weights belong to. */

import path from 'node:path';
import type { ConverterRequest } from '../../converters/request.js';
import { PredictableError } from '../../errors.js';
import { FACTORY } from './text.js';

/** The module is looked for where the command was started, and beside the model's file. Throws USAGE. */
export function factoryOf(given: string | undefined, file: string): ConverterRequest['factory'] {
  if (given === undefined) return null;
  const [, module, name] = FACTORY.exec(given) ?? [];
  if (module === undefined || name === undefined) {
    throw new PredictableError('USAGE', `--factory takes module:function, not ${given}`, {
      hint: 'For example: --factory network:make, where network.py has a function make() that returns the model.',
    });
  }
  return { module, function: name, folders: [process.cwd(), path.dirname(path.resolve(file))] };
}
