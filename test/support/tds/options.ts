/** What a server is told, and what its connections share. */

import type { TdsAnswer } from './answer.js';
import type { Faults } from './faults.js';
import type { LoginRecord } from './login.js';
import type { TdsRequest } from './request.js';
import type { Session } from './session.js';
import type { Certificate } from './tls.js';
import type { TdsError } from './tokens.js';

export interface TdsServerOptions {
  /** `on` requires encryption, `off` (the default) has none. */
  tls?: 'off' | 'on';
  certificate?: Certificate;
  /** An error refuses the login. Without it, everyone is let in. */
  login?: (record: LoginRecord) => TdsError | null;
  product?: { name: string; version: [major: number, minor: number, build: number] };
  answer: (request: TdsRequest, session: Session) => TdsAnswer | Promise<TdsAnswer>;
  /** A connection that had logged in has ended, its transaction still open if `inTransaction`. */
  onDisconnect?: (session: Session) => void;
}

/** What the connections of one server share. */
export interface ServerState {
  options: TdsServerOptions;
  faults: Faults;
  requests: TdsRequest[];
  logins: LoginRecord[];
}
