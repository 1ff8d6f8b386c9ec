/** Which of a converter's environments fit a file, told from what the file says of itself; nothing is built. */

import type { ConverterEnvironment, ConverterManifest } from '../converters/manifest.js';
import type { Origin } from '../converters/origin.js';
import { PredictableError } from '../errors.js';

type Environments = [ConverterEnvironment, ...ConverterEnvironment[]];

/**
 * Those that have the modules that the file names, the one whose versions are nearest to the file's first, and of
 * equally near ones the first in the manifest. A file that does not say its version gets one alone: what comes after
 * would be a guess that costs a build. One that the user `named` is the only one. Throws UNSUPPORTED_MODEL when the file is
 * older than what any of them loads, USAGE for a name that there is not.
 */
export function environmentsFor(
  file: string,
  manifest: ConverterManifest,
  origin: Origin,
  named?: string | undefined,
): Environments {
  if (named !== undefined) return [environmentNamed(manifest, named)];
  const fitting = withModules(manifest.environments, origin.modules);
  const version = parseVersion(origin.savedBy);
  if (version === undefined) return [fitting[0]];
  const oldest = Math.min(...fitting.map(({ when }) => versionNumber(when?.saved?.from) ?? 0));
  if (version < oldest) throw tooOld(file, manifest, origin, fitting);
  const [nearest, ...others] = fitting
    .map((environment) => ({ environment, distance: distance(version, environment) }))
    .sort((a, b) => a.distance - b.distance)
    .map(({ environment }) => environment);
  return nearest === undefined ? fitting : [nearest, ...others];
}

function environmentNamed({ id, environments }: ConverterManifest, name: string): ConverterEnvironment {
  const found = environments.find((environment) => environment.name === name);
  if (found !== undefined) return found;
  const names = environments.map((environment) => environment.name).join(', ');
  throw new PredictableError('USAGE', `converter ${id} has no environment ${name}`, { hint: `It has: ${names}.` });
}

/** Of a file that needs no further module, only those without any: the others would be the same and larger. */
function withModules(environments: Environments, needed: string[]): Environments {
  const has = ({ when }: ConverterEnvironment) => when?.modules ?? [];
  const [first, ...others] = environments.filter((environment) =>
    needed.length === 0 ? has(environment).length === 0 : needed.every((name) => has(environment).includes(name)),
  );
  // When none has them all, the first says by name which module is missing.
  return first === undefined ? environments : [first, ...others];
}

/** How many minor versions lie between a version and those that an environment loads. */
function distance(version: number, { when }: ConverterEnvironment): number {
  const from = versionNumber(when?.saved?.from) ?? 0;
  const to = versionNumber(when?.saved?.to) ?? Number.POSITIVE_INFINITY;
  return Math.max(from - version, version - to, 0);
}

/** One number for a major and a minor version, so that they can be counted: a major version has fewer minor ones. */
const MINORS = 1000;

function parseVersion(text: string | null): number | undefined {
  return text === null ? undefined : versionNumber(text);
}

function versionNumber(text: string | undefined): number | undefined {
  const [, major, minor = '0'] = /^(\d+)(?:\.(\d+))?/.exec(text ?? '') ?? [];
  return major === undefined ? undefined : Number(major) * MINORS + Number(minor);
}

function tooOld(
  file: string,
  { savedBy }: ConverterManifest,
  { savedBy: version }: Origin,
  environments: Environments,
): PredictableError {
  const library = savedBy?.package ?? 'its library';
  const [oldest] = environments
    .flatMap(({ when }) => (when?.saved === undefined ? [] : [when.saved.from]))
    .sort((a, b) => (versionNumber(a) ?? 0) - (versionNumber(b) ?? 0));
  return new PredictableError(
    'UNSUPPORTED_MODEL',
    `${file} was saved by ${library} ${version}; files of ${library} ${oldest} and newer can be read.`,
    {
      hint: `Train the model again with a newer ${library} and save it there.`,
      details: { package: library, saved: version, oldest },
    },
  );
}
