/** Where the user's cache of ours lies. */

import { homedir } from 'node:os';
import path from 'node:path';

/** `PREDICTABLE_CACHE`, or `predictable` in the folder that the system keeps caches in. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (env.PREDICTABLE_CACHE) return path.resolve(env.PREDICTABLE_CACHE);
  return path.join(systemCaches(env), 'predictable');
}

function systemCaches(env: NodeJS.ProcessEnv): string {
  if (process.platform === 'win32') return env.LOCALAPPDATA || path.join(homedir(), 'AppData', 'Local');
  if (process.platform === 'darwin') return path.join(homedir(), 'Library', 'Caches');
  return env.XDG_CACHE_HOME || path.join(homedir(), '.cache');
}
