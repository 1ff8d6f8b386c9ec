/** npm as on a machine that never ran it: an empty home and an empty cache; only how it reaches its registry stays. */

import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { cacheFolder } from '../../src/environments/cache-folder.js';

const REGISTRY = /(?:^|:)registry|^\/\/|proxy|^cafile|^ca(?:\[\])?$|^cert|^key$|strict-ssl/;
const VARIABLES = /^(?:PATH|LANG|TMPDIR|NODE_EXTRA_CA_CERTS|SSL_CERT_\w+|\w*_proxy|PIP_\w+)$/i;

/** The only variables that a command gets. Python environments are those of this machine; a test builds its own runtimes. */
export async function cleanVariables(folder: string, cache: string): Promise<Record<string, string>> {
  const home = path.join(folder, 'home');
  await mkdir(home, { recursive: true });
  const settings = process.env.npm_config_userconfig ?? path.join(homedir(), '.npmrc');
  const lines = existsSync(settings) ? (await readFile(settings, 'utf8')).split('\n') : [];
  const kept = lines.filter((line) => REGISTRY.test(line.split('=', 1)[0]?.trim() ?? ''));
  await writeFile(path.join(home, '.npmrc'), `${kept.join('\n')}\n`);
  const variables: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (value === undefined) continue;
    const setting = /^npm_config_(.*)$/i.exec(name)?.[1]?.toLowerCase().replaceAll('_', '-');
    if (setting === undefined ? VARIABLES.test(name) : REGISTRY.test(setting)) variables[name] = value;
  }
  return { ...variables, HOME: home, npm_config_cache: path.join(folder, 'npm-cache'), PREDICTABLE_CACHE: cache };
}

/** Parts of the machine's cache that a test may share, so that it builds no Python environment again. */
export function sharedCache(): { from: string; parts: string[] } {
  return { from: cacheFolder(), parts: ['environments', 'interpreters.json', 'pip'] };
}
