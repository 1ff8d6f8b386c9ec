/** What to say about a model that is not there. */

import { PredictableError } from '../errors.js';
import { formatReference } from './reference.js';
import type { ModelReference, ModelVersion } from './registry.js';

/** What there is instead: the versions and aliases of that name, or the names. */
export function notFound(reference: ModelReference, versions: ModelVersion[], names: string[]): PredictableError {
  const wanted = formatReference(reference);
  if (versions.length === 0) {
    return new PredictableError('MODEL_NOT_FOUND', `there is no model ${reference.name} in this registry`, {
      hint: names.length === 0 ? 'It has no models yet: register one.' : `It has: ${names.join(', ')}.`,
      details: { name: reference.name, names },
    });
  }
  const numbers = versions.map(({ version }) => version);
  const aliases = versions.flatMap((version) => version.aliases);
  const also = aliases.length === 0 ? 'no aliases' : `aliases ${aliases.join(', ')}`;
  return new PredictableError('MODEL_NOT_FOUND', `there is no ${wanted}`, {
    hint: `${reference.name} has versions ${numbers.join(', ')} and ${also}.`,
    details: { name: reference.name, versions: numbers, aliases },
  });
}
