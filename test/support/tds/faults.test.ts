import { once } from 'node:events';
import { Socket } from 'node:net';
import sql from 'mssql';
import { Request } from 'tedious';
import { expect, test } from 'vitest';
import { certificate } from './certificate.js';
import { asked, connect, echo, open, outcome, start } from './drivers.js';
import type { Fault } from './faults.js';
import type { TdsRequest } from './request.js';
import { startTdsServer } from './server.js';
import type { Session } from './session.js';

const gone = { code: expect.stringMatching(/ECONNRESET|ESOCKET|EPIPE/) };
const isInsert = ({ text }: TdsRequest) => text.startsWith('insert');

/** mssql's pool has the second connection: its first one only tries the server. */
const BEHIND_THE_TRIAL = 2;

test.each<[string, Fault]>([
  ['on accept', { when: 'connect', do: 'drop' }],
  ['after the first bytes of PRELOGIN', { when: 'connect', do: 'drop', afterBytesReceived: 10 }],
  ['after the bytes of PRELOGIN, in LOGIN7', { when: 'connect', do: 'drop', afterBytesReceived: 200 }],
  ['at the login', { when: 'login', do: 'drop' }],
  ['in the middle of the login answer', { when: 'login', do: 'drop', afterBytesSent: 20 }],
])('a connection dropped %s fails to connect, once', async (_title, fault) => {
  const server = await start();
  const struck = server.fault(fault);
  await expect(open(server)).rejects.toThrow();
  await struck;
  await open(server);
  expect(server.connections).toBe(2);
});

test.each<[string, Fault]>([
  ['accepts', { when: 'connect', do: 'stall' }],
  ['is asked to log in', { when: 'login', do: 'stall' }],
])('a server that goes silent when it %s is given up by the client', async (_title, fault) => {
  const server = await start();
  void server.fault(fault);
  await expect(connect(server, { connectionTimeout: 150 })).rejects.toMatchObject({ code: 'ETIMEOUT' });
});

test('a login refused once is taken the next time', async () => {
  const server = await start();
  void server.fault({ when: 'login', do: 'error', error: { number: 18456, message: 'not today', class: 14 } });
  await expect(open(server)).rejects.toMatchObject({ code: 'ELOGIN', message: 'not today' });
  await open(server);
});

test('a request dropped before it is carried out never reaches the callback', async () => {
  const carriedOut: string[] = [];
  const server = await start({
    answer: ({ text }) => {
      carriedOut.push(text);
      return {};
    },
  });
  const pool = await connect(server);
  void server.fault({ when: isInsert, do: 'drop' });
  await pool.query('select 1');
  await expect(pool.query('insert …')).rejects.toMatchObject(gone);
  await pool.query('select 2');
  expect(carriedOut).toEqual(['select 1', 'select 2']);
  expect(asked(server)).toEqual(['rpc: select 1', 'rpc: insert …', 'rpc: select 2']);
});

test.each(['off', 'on'] as const)('a commit is carried out and its answer lost, TLS %s', async (tls) => {
  const seen: string[] = [];
  const { session, onDisconnect } = disconnection(BEHIND_THE_TRIAL);
  const server = await start({
    tls,
    certificate,
    onDisconnect,
    answer: ({ kind }) => {
      seen.push(kind);
      return {};
    },
  });
  const options = { encrypt: tls === 'on', trustServerCertificate: true };
  const transaction = (await connect(server, { options })).transaction();
  await transaction.begin();
  void server.fault({ when: ({ kind }) => kind === 'commit', do: 'drop', after: 'answer-callback' });
  await expect(transaction.commit()).rejects.toMatchObject({ originalError: gone });
  expect(seen).toEqual(['begin', 'commit']);
  expect((await session).inTransaction).toBe(false);
});

test('a connection that is lost in a transaction tells the callback so', async () => {
  const { session, onDisconnect } = disconnection(BEHIND_THE_TRIAL);
  const server = await start({ onDisconnect });
  const transaction = (await connect(server)).transaction();
  await transaction.begin();
  void server.fault({ when: isInsert, do: 'drop' });
  await expect(transaction.request().query('insert …')).rejects.toMatchObject(gone);
  expect((await session).inTransaction).toBe(true);
  await expect(transaction.rollback()).rejects.toThrow();
});

test('an upload is cut under way', async () => {
  const server = await start();
  const pool = await connect(server);
  const struck = server.fault({ when: 'message', do: 'drop', afterBytesReceived: 1_000_000 });
  await pool.query('select 1');
  const upload = pool.request().input('b', sql.VarBinary(sql.MAX), Buffer.alloc(2_000_000)).query('insert …');
  await expect(upload).rejects.toMatchObject(gone);
  await struck;
  expect(asked(server)).toEqual(['rpc: select 1']);
});

test.each(['off', 'on'] as const)('an answer is cut in the middle of its rows, TLS %s', async (tls) => {
  const rows = Array.from({ length: 10_000 }, (_, n) => [n]);
  const answer = () => ({ sets: [{ columns: [{ name: 'n', type: 'int' as const }], rows }] });
  const server = await start({ answer, tls, certificate });
  const options = { encrypt: tls === 'on', trustServerCertificate: true };
  const request = (await connect(server, { options })).request();
  const seen: number[] = [];
  request.stream = true;
  request.on('row', ({ n }) => seen.push(n));
  const failed = once(request, 'error');
  void server.fault({ when: 'request', do: 'drop', afterBytesSent: 20_000 });
  request.query('select …');
  expect(await failed).toMatchObject([gone]);
  expect(seen.length).toBeGreaterThan(100);
  expect(seen.length).toBeLessThan(10_000);
});

test('a stalled request runs into its timeout, and the connection serves the next', async () => {
  const server = await start();
  const connection = await open(server);
  void server.fault({ when: 'request', do: 'stall' });
  const outcomes: unknown[] = [];
  for (const [text, timeout] of [
    ['insert …', 100],
    ['select …', 0],
  ] as const) {
    const request = new Request(text, () => undefined);
    request.setTimeout(timeout);
    const failed = outcome(request);
    connection.execSql(request);
    outcomes.push(await failed);
  }
  expect(outcomes).toMatchObject([{ code: 'ETIMEOUT' }, undefined]);
  expect(asked(server)).toEqual(['rpc: insert …', 'rpc: select …']);
  expect(server.connections).toBe(1);
});

test('an answer that trickles in is whole', async () => {
  const server = await start();
  const pool = await connect(server);
  const struck = server.fault({ when: 'request', do: 'trickle', bytes: 7, everyMilliseconds: 1 });
  const { recordset } = await pool.request().input('s', 'bit by bit').query('select @s as s');
  await struck;
  expect(recordset).toEqual([{ s: 'bit by bit' }]);
});

test('an error strikes as many times as it was told to', async () => {
  const server = await start();
  const pool = await connect(server);
  void server.fault({ when: 'request', times: 2, do: 'error', error: { number: 1222, message: 'lock timeout' } });
  const numbers: unknown[] = [];
  for (let attempt = 0; attempt < 3; attempt++) {
    numbers.push(
      await pool.query('x').then(
        () => 'done',
        ({ number }) => number,
      ),
    );
  }
  expect(numbers).toEqual([1222, 1222, 'done']);
});

test('an error of class 20 ends the connection', async () => {
  const { session, onDisconnect } = disconnection(1);
  const server = await start({ onDisconnect });
  const connection = await open(server);
  void server.fault({ when: 'request', do: 'error', error: { number: 596, message: 'killed', class: 21 } });
  const request = new Request('x', () => undefined);
  const failed = outcome(request);
  const ended = once(connection, 'end');
  connection.execSql(request);
  expect(await failed).toMatchObject({ number: 596 });
  await ended;
  expect((await session).login.user).toBe('loader');
});

test('closing ends what still waits', async () => {
  const server = await start();
  const connection = await open(server);
  const struck = server.fault({ when: 'request', do: 'stall' });
  const request = new Request('x', () => undefined);
  const failed = outcome(request);
  connection.execSql(request);
  await struck;
  await server.close();
  expect(await failed).toMatchObject(gone);
  expect(server.open).toBe(0);
});

test('what is no TDS fails the server when it closes', async () => {
  const server = await startTdsServer({ answer: echo });
  const socket = new Socket().on('error', () => undefined);
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.connect(server.port, '127.0.0.1', () => socket.write(Buffer.alloc(8)));
  await closed;
  await expect(server.close()).rejects.toThrow('the TDS fixture failed');
});

/** That connection's session, once it has ended. */
function disconnection(id: number) {
  let onDisconnect: (session: Session) => void = () => undefined;
  const session = new Promise<Session>((resolve) => {
    onDisconnect = (one) => {
      if (one.id === id) resolve(one);
    };
  });
  return { session, onDisconnect };
}
