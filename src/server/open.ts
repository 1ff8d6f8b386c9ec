/** A server from what the user wrote: an address, or the name of a profile. */

import { isServerAddress, parseAddress } from './address.js';
import { Server } from './connection.js';
import { credentialsFor } from './credentials.js';
import { readProfile } from './profiles.js';

export interface OpenServerOptions {
  /** Asks a person for a password; null, and by default, where there is none. */
  ask?: ((question: string) => Promise<string>) | null;
  /** Most connections at once. */
  connections?: number;
  signal?: AbortSignal | undefined;
}

/** Whether the text names a server rather than a file. */
export function isServer(text: string): boolean {
  return isServerAddress(text) || !text.includes(':');
}

/** Nothing is sent before the first statement. Throws USAGE, LOGIN_FAILED without a password. */
export async function openServer(text: string, options: OpenServerOptions = {}): Promise<Server> {
  const address = isServerAddress(text) ? parseAddress(text) : await readProfile(text, process.env);
  const credentials = await credentialsFor(address, { environment: process.env, ask: options.ask ?? null });
  const { connections, signal } = options;
  return new Server(address, credentials, { ...(connections === undefined ? {} : { connections }), signal });
}
