/** The secret for a server: from the environment, a prompt or stdin; never from an argument or a file in the working folder. */

import { PredictableError } from '../errors.js';
import type { ServerAddress } from './address.js';

export interface Credentials {
  password: string | null;
  /** An access token of Microsoft Entra. */
  token: string | null;
}

interface CredentialSources {
  /** The process's environment: PREDICTABLE_PASSWORD and PREDICTABLE_TOKEN. */
  environment: Record<string, string | undefined>;
  /** Asks a person; null where there is none. */
  ask: ((question: string) => Promise<string>) | null;
}

/** Throws LOGIN_FAILED when there is a user and nobody to give the password. */
export async function credentialsFor(
  address: ServerAddress,
  { environment, ask }: CredentialSources,
): Promise<Credentials> {
  const token = environment.PREDICTABLE_TOKEN;
  if (address.authentication === 'entra') return { password: null, token: token === '' ? null : (token ?? null) };
  const password = address.password ?? environment.PREDICTABLE_PASSWORD;
  if (password !== undefined) return { password, token: null };
  const where = `${address.host}/${address.database}`;
  if (address.user === null) {
    throw new PredictableError('LOGIN_FAILED', `${where}: no user is given`, {
      hint: `Write mssql://user@${where}, and give the password in PREDICTABLE_PASSWORD.`,
    });
  }
  if (ask !== null) return { password: await ask(`password of ${address.user} on ${where}: `), token: null };
  throw new PredictableError('LOGIN_FAILED', `${where}: the password of ${address.user} is not given`, {
    hint: 'Set PREDICTABLE_PASSWORD, or pipe it in with --password-stdin.',
  });
}
