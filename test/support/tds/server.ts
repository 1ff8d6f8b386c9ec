/** A loopback server that speaks TDS 7.4 to real drivers: it decodes requests, hands them over, and encodes the answer. */

import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { Connection } from './connection.js';
import { type Fault, Faults } from './faults.js';
import type { LoginRecord } from './login.js';
import type { ServerState, TdsServerOptions } from './options.js';
import type { TdsRequest } from './request.js';

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
