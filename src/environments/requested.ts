/** The environments that `setup` was asked for. */

import { type ConverterEnvironment, type ConverterManifest, readManifests } from '../converters/manifest.js';
import { PredictableError } from '../errors.js';

export interface ChosenEnvironment {
  manifest: ConverterManifest;
  environment: ConverterEnvironment;
}

export interface Choice {
  /** Ids of converters. */
  converters: string[];
  /** Names of environments; each converter's first when none is named. */
  environments: string[];
  /** Every environment, of every converter when none is named. */
  all: boolean;
}

/** Throws USAGE for an id or a name that there is not, or when nothing was named. */
export async function chosenEnvironments({ converters, environments, all }: Choice): Promise<ChosenEnvironment[]> {
  const manifests = await readManifests();
  const ids = manifests.map(({ id }) => id);
  if (!all && converters.length === 0 && environments.length === 0) {
    throw new PredictableError('USAGE', 'say which converters to set up', {
      hint: `One or more of ${ids.join(', ')}; or --all.`,
    });
  }
  requireKnown('converter', converters, ids);
  const named = manifests
    .filter(({ id }) => converters.length === 0 || converters.includes(id))
    .flatMap((manifest) => manifest.environments.map((environment) => ({ manifest, environment })));
  const names = [...new Set(named.map(({ environment }) => environment.name))];
  requireKnown('environment', environments, names);
  if (all) return named;
  if (environments.length > 0) return named.filter(({ environment }) => environments.includes(environment.name));
  return named.filter(({ manifest, environment }) => environment === manifest.environments[0]);
}

function requireKnown(kind: string, asked: string[], known: string[]): void {
  const unknown = asked.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new PredictableError('USAGE', `there is no ${kind} ${unknown}`, { hint: `There are: ${known.join(', ')}.` });
}
