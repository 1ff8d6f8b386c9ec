/** Works in the first environment that can: one whose Python is missing, or whose versions do not fit, gives way. */

import type { ConverterEnvironment } from '../converters/manifest.js';
import { PredictableError } from '../errors.js';

/** Files that were tried in three environments did not load in the others either; each may have to be built first. */
const MOST_TRIED = 3;

/**
 * `environments`: nearest first. Throws the first error that another environment cannot change; when none could do it,
 * what the nearest said, since its versions are those that the file is from.
 */
export async function inNearest<T>(
  environments: [ConverterEnvironment, ...ConverterEnvironment[]],
  work: (environment: ConverterEnvironment) => Promise<T>,
): Promise<T> {
  const failures: PredictableError[] = [];
  for (const environment of environments) {
    try {
      return await work(environment);
    } catch (error) {
      if (!(error instanceof PredictableError && givesWay(error))) throw error;
      failures.push(error);
      if (failures.filter(({ code }) => code !== 'PYTHON_NOT_FOUND').length >= MOST_TRIED) break;
    }
  }
  const [nearest] = failures;
  if (nearest === undefined) throw new PredictableError('INTERNAL', 'there was no environment to work in');
  throw withTried(nearest, environments.slice(0, failures.length));
}

/** A converter asks for another environment when the file fails to load or predict because its libraries were others. */
function givesWay({ code, next }: PredictableError): boolean {
  return code === 'PYTHON_NOT_FOUND' || next === 'other-environment';
}

function withTried(error: PredictableError, environments: ConverterEnvironment[]): PredictableError {
  if (environments.length === 1) return error;
  const tried = environments.map(({ name }) => name);
  const { code, message, hint, details, next, cause } = error;
  return new PredictableError(code, message, { hint, details: { ...details, tried }, next, cause });
}
