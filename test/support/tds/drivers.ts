/** What the fixture's own tests share: a server that ends with its test, and the real drivers connected to it. */

import sql from 'mssql';
import { Connection, type Request } from 'tedious';
import { afterEach } from 'vitest';
import type { TdsAnswer } from './answer.js';
import type { TdsServerOptions } from './options.js';
import type { TdsRequest } from './request.js';
import { startTdsServer, type TdsServer } from './server.js';
import type { ColumnType } from './types.js';

const closing: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

export async function start(options: Partial<TdsServerOptions> = {}): Promise<TdsServer> {
  const server = await startTdsServer({ answer: echo, ...options });
  closing.push(() => server.close());
  return server;
}

/** mssql logs in once more than it needs: its `connect` tries the server before there is a pool. */
export async function connect(server: TdsServer, changes: Partial<sql.config> = {}): Promise<sql.ConnectionPool> {
  const pool = new sql.ConnectionPool({
    server: '127.0.0.1',
    port: server.port,
    user: 'loader',
    password: 'pä$$ wörd',
    database: 'models',
    pool: { max: 1 },
    ...changes,
    options: { encrypt: false, serverName: 'localhost', appName: 'predictable test', ...changes.options },
  });
  closing.push(() => pool.close());
  return pool.connect();
}

/** tedious without a pool, with its bare events. */
export async function open(server: TdsServer): Promise<Connection> {
  const connection = new Connection({
    server: '127.0.0.1',
    authentication: { type: 'default', options: { userName: 'loader', password: '' } },
    options: { port: server.port, encrypt: false },
  });
  // A cut connection is told to the request as well, and the tests look there.
  connection.on('error', () => undefined);
  closing.push(async () => connection.close());
  await new Promise<void>((resolve, reject) => {
    connection.connect((error) => (error ? reject(error) : resolve()));
  });
  return connection;
}

/** The outcome of a bare request: what it failed with, or undefined. */
export function outcome(request: Request): Promise<Error | undefined> {
  return new Promise((resolve) => {
    request.callback = (error) => resolve(error ?? undefined);
  });
}

/** Answers with the request's own parameters, in a row. */
export function echo(request: TdsRequest): TdsAnswer {
  const names = Object.keys(request.parameters);
  const columns = names.map((name) => ({ name, type: request.types[name] as ColumnType }));
  return names.length === 0 ? {} : { sets: [{ columns, rows: [names.map((name) => request.parameters[name]!)] }] };
}

export const asked = (server: TdsServer) =>
  server.requests.map(({ kind, text }) => (text === '' ? kind : `${kind}: ${text}`));
