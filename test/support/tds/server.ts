/** A loopback server that speaks TDS 7.4 to real drivers: it decodes requests, hands them over, and encodes the answer. */

import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import type { TdsAnswer } from './answer.js';
import { Connection } from './connection.js';
import { type Fault, Faults } from './faults.js';
import type { LoginRecord } from './login.js';
import type { TdsRequest } from './requests.js';
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

export interface TdsServer {
  readonly port: number;
  /** Accepted so far. */
  readonly connections: number;
  /** Open now. */
  readonly open: number;
  /** All that was asked so far, except for what the drivers do by themselves: see `isDriversOwn`. */
  readonly requests: TdsRequest[];
  readonly logins: LoginRecord[];
  /** Arms a fault; resolves when it first strikes. */
  fault(fault: Fault): Promise<void>;
  /** Ends all sockets and timers; throws what the fixture itself failed at, if anything. */
  close(): Promise<void>;
}

/** What the connections of one server share. */
export interface ServerState {
  options: TdsServerOptions;
  faults: Faults;
  requests: TdsRequest[];
  logins: LoginRecord[];
}

export async function startTdsServer(options: TdsServerOptions): Promise<TdsServer> {
  if (options.tls === 'on' && options.certificate === undefined) throw new Error('TLS needs a certificate');
  const state: ServerState = { options, faults: new Faults(), requests: [], logins: [] };
  const open = new Set<Connection>();
  const failures: unknown[] = [];
  let connections = 0;

  const server = createServer((socket) => {
    connections += 1;
    const connection = new Connection(connections, socket, state);
    open.add(connection);
    connection.serve().then(
      () => open.delete(connection),
      (failure) => {
        failures.push(failure);
        open.delete(connection);
      },
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return connections;
    },
    get open() {
      return open.size;
    },
    requests: state.requests,
    logins: state.logins,
    fault: (fault) => state.faults.arm(fault),
    async close() {
      if (server.listening) {
        const closed = once(server, 'close');
        server.close();
        for (const connection of open) connection.drop();
        await closed;
      }
      if (failures.length > 0) throw new AggregateError(failures, 'the TDS fixture failed');
    },
  };
}
