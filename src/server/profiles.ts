/**
 * Names for servers, in a file of the user's own: `prod: mssql://ml@edge.plant.example/ml`. Not in the working folder,
 * whose files may come from others: whoever names the server gets the password.
 */

import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { PredictableError } from '../errors.js';
import { named } from '../files/named.js';
import { ordinary } from '../files/ordinary.js';
import { mustBeShallow } from '../files/shallow.js';
import { parseAddress, type ServerAddress } from './address.js';

type Environment = Record<string, string | undefined>;

/** `PREDICTABLE_PROFILES`, else `profiles.yaml` in the user's folder of settings. */
function profilesFile(environment: Environment): string {
  const settings = environment.XDG_CONFIG_HOME ?? path.join(homedir(), '.config');
  return environment.PREDICTABLE_PROFILES ?? path.join(settings, 'predictable', 'profiles.yaml');
}

/** Throws USAGE when there is no such profile, and SECRET_IN_ARGUMENT for one that holds a password. */
export async function readProfile(name: string, environment: Environment): Promise<ServerAddress> {
  const file = profilesFile(environment);
  const profiles = await readProfiles(file);
  const found = profiles.get(name);
  if (found === undefined) {
    const known = profiles.size === 0 ? `${file} has none` : `${file} has ${[...profiles.keys()].join(', ')}`;
    throw new PredictableError('USAGE', `there is no registry or profile ${name}`, {
      hint: `A registry is duckdb:FILE, mssql://user@host/database, or the name of a profile: ${known}.`,
    });
  }
  const address = parseAddress(found);
  if (address.password === null) return address;
  throw new PredictableError('SECRET_IN_ARGUMENT', `the profile ${name} in ${file} holds a password`, {
    hint: 'Change that password, take it out of the file, and give it in PREDICTABLE_PASSWORD.',
  });
}

async function readProfiles(file: string): Promise<Map<string, string>> {
  let text: string;
  try {
    await ordinary(file);
    text = await named(file, () => readFile(file, 'utf8'));
  } catch (error) {
    // No file: no profiles. The error above says where it was looked for.
    if (error instanceof PredictableError && error.code === 'FILE_NOT_FOUND') return new Map();
    throw error;
  }
  const [{ parseDocument }, { z }] = await Promise.all([import('yaml'), import('zod')]);
  try {
    mustBeShallow(text);
    const document = parseDocument(text, { logLevel: 'error' });
    for (const error of document.errors) throw error;
    return new Map(Object.entries(z.record(z.string(), z.string()).parse(document.toJS() ?? {})));
  } catch (cause) {
    throw new PredictableError('USAGE', `${file} should hold lines like \`prod: mssql://user@host/database\``, {
      cause,
    });
  }
}
