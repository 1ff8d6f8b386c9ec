/** Gets a runtime's package through the user's own npm, or from a folder that was filled before; runs nothing of it. */

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { throwIfCancelled } from '../environments/make-once.js';
import { redactor } from '../environments/redact.js';
import { fileError, PredictableError } from '../errors.js';
import { packageFile, type RuntimeManifest } from './manifest.js';
import { NO_PROGRAM, runNpm } from './npm.js';

export interface FetchOptions {
  /** A folder with the package in it, instead of a registry. */
  wheelhouse?: string | undefined;
  signal?: AbortSignal | undefined;
}

/** Leaves the package's file in the folder, its hash checked, and returns where. Throws ENVIRONMENT_FAILED, DISK_FULL or CANCELLED. */
export async function fetchPackage(
  manifest: RuntimeManifest,
  folder: string,
  { wheelhouse, signal }: FetchOptions,
): Promise<string> {
  throwIfCancelled(signal);
  const file = path.join(folder, packageFile(manifest));
  if (wheelhouse === undefined) await npmPack(manifest, folder, signal);
  else await takeFrom(wheelhouse, manifest, file);
  if ((await integrityOf(file)) === manifest.integrity) return file;
  throw new PredictableError('ENVIRONMENT_FAILED', `${manifest.title} is not the package that was locked`, {
    hint: `${wheelhouse === undefined ? "npm's registry" : wheelhouse} holds a changed ${packageFile(manifest)}. Nothing of it was used.`,
    details: { expected: manifest.integrity },
  });
}

/**
 * npm takes registry, proxy, certificates and tokens from the user's and the machine's own settings, and from its
 * variables; not from a `.npmrc` of the working folder, which may come from anybody.
 */
async function npmPack(manifest: RuntimeManifest, folder: string, signal: AbortSignal | undefined): Promise<void> {
  const { ended, said } = await runNpm(['pack', manifest.package, '--prefix', folder, ...QUIETLY], folder, signal);
  if (ended === 0) return;
  if (ended === NO_PROGRAM) {
    throw new PredictableError('ENVIRONMENT_FAILED', `${manifest.title} can't be fetched: there is no npm here`, {
      hint: `It is npm's package ${manifest.package}, and npm comes with Node: put it on the PATH, or ${CARRY}`,
    });
  }
  throw npmError(manifest, folder, said);
}

/** What the package would run when it is packed or installed is not run, whatever the settings say. */
const QUIETLY = ['--ignore-scripts', '--prefer-offline', '--dry-run=false', '--json=false', '--loglevel=error'];

const CARRY =
  'fill a folder with `predictable setup CONVERTER --download DIR` on a connected machine and hand it to `predictable setup CONVERTER --wheelhouse DIR` here.';
const MOST_LINES = 6;

function npmError({ title, package: spec }: RuntimeManifest, folder: string, said: string): PredictableError {
  const redact = redactor(process.env);
  const lines = said
    .split('\n')
    .map((line) => redact(line.replace(/^npm (?:error|ERR!) ?/, '').trim()))
    .filter((line) => line !== '' && !line.includes('A complete log of this run'));
  const details = { errors: lines.slice(0, MOST_LINES) };
  if (lines.some((line) => line.includes('ENOSPC'))) {
    const hint = "Free some space there, or where npm's cache is, and run it again.";
    return new PredictableError('DISK_FULL', `${folder}: the disk filled up while ${title} was fetched`, {
      hint,
      details,
    });
  }
  const reason = lines.length === 0 ? 'npm gave no reason' : details.errors.join(' ');
  return new PredictableError('ENVIRONMENT_FAILED', `${title} could not be fetched: ${reason}`, {
    hint: `It is npm's package ${spec}: check the network and npm's settings (npm config list), or ${CARRY}`,
    details,
  });
}

async function takeFrom(wheelhouse: string, manifest: RuntimeManifest, file: string): Promise<void> {
  const carried = path.join(wheelhouse, packageFile(manifest));
  try {
    await copyFile(carried, file);
  } catch (error) {
    const refused = fileError(error);
    if (refused?.code === 'DISK_FULL') throw refused;
    throw new PredictableError('ENVIRONMENT_FAILED', `${manifest.title} can't be taken from ${carried}`, {
      hint: 'Fill the folder with `predictable setup CONVERTER --download DIR` of this version, on a connected machine.',
      cause: error,
    });
  }
}

async function integrityOf(file: string): Promise<string> {
  const hash = createHash('sha512');
  await pipeline(createReadStream(file), hash);
  return `sha512-${hash.digest('base64')}`;
}
