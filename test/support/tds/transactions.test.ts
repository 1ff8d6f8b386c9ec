import { once } from 'node:events';
import sql from 'mssql';
import { Request, TYPES } from 'tedious';
import { describe, expect, test } from 'vitest';
import type { TdsAnswer } from './answer.js';
import { asked, connect, open, outcome, start } from './drivers.js';
import type { TdsRequest } from './request.js';
import type { Session } from './session.js';

describe('transactions', () => {
  test('begin, commit and rollback are seen, with what goes on between them', async () => {
    const within: boolean[] = [];
    const server = await start({
      answer: ({ kind }, session) => {
        if (kind === 'rpc') within.push(session.inTransaction);
        return {};
      },
    });
    const pool = await connect(server);
    const first = pool.transaction();
    await first.begin(sql.ISOLATION_LEVEL.SERIALIZABLE);
    await first.request().query('insert …');
    await first.commit();
    const second = pool.transaction();
    await second.begin();
    await second.rollback();
    await pool.query('select …');
    expect(asked(server)).toEqual(['begin', 'rpc: insert …', 'commit', 'begin', 'rollback', 'rpc: select …']);
    expect(server.requests[0]?.isolation).toBe('serializable');
    expect(within).toEqual([true, false]);
  });

  test('an error that rolls back ends the transaction for the driver too', async () => {
    const carriedOut: string[] = [];
    const answer = ({ kind }: TdsRequest) => {
      carriedOut.push(kind);
      return {};
    };
    const server = await start({ answer });
    const transaction = (await connect(server)).transaction();
    await transaction.begin();
    const struck = server.fault({
      when: ({ text }) => text === 'update …',
      do: 'error',
      error: { number: 1205, message: 'deadlocked', class: 13 },
      dropTransaction: true,
    });
    await expect(transaction.request().query('update …')).rejects.toMatchObject({ number: 1205, class: 13 });
    await struck;
    expect(carriedOut).toEqual(['begin', 'rollback']);
    expect(asked(server)).toEqual(['begin', 'rpc: update …']);
    await expect(transaction.commit()).rejects.toMatchObject({ code: 'EABORT' });
    await expect(transaction.rollback()).rejects.toMatchObject({ code: 'EABORT' });
  });

  test('a commit may be refused', async () => {
    const answer = ({ kind }: { kind: string }) =>
      kind === 'commit' ? { errors: [{ number: 3930, message: 'cannot be committed' }] } : {};
    const transaction = (await connect(await start({ answer }))).transaction();
    await transaction.begin();
    await expect(transaction.commit()).rejects.toMatchObject({ originalError: { number: 3930 } });
  });

  test('a reset connection has neither its transaction nor its prepared statements', async () => {
    const server = await start();
    const connection = await open(server);
    const statement = new Request('select 1', () => undefined);
    const prepared = once(statement, 'prepared');
    connection.prepare(statement);
    await prepared;
    await new Promise((begun) => connection.beginTransaction(begun));
    const heard = once(connection, 'resetConnection');
    await new Promise((done) => connection.reset(done));
    await heard;
    const executed = outcome(statement);
    connection.execute(statement);
    expect(await executed).toMatchObject({ number: 8179 });
    const commit = await new Promise<unknown>((done) => connection.commitTransaction(done));
    expect(commit).toMatchObject({ number: 3902 });
    expect(asked(server)).toEqual(['rpc: select 1', 'begin', 'rpc', 'commit']);
  });

  test('SQL may begin and end a transaction too', async () => {
    const within: boolean[] = [];
    const answer = ({ text }: TdsRequest, { inTransaction }: Session): TdsAnswer => {
      within.push(inTransaction);
      return text === 'begin tran' ? { transaction: 'begin' } : text === 'commit tran' ? { transaction: 'commit' } : {};
    };
    const server = await start({ answer });
    const connection = await open(server);
    for (const text of ['begin tran', 'insert …', 'commit tran', 'select …']) {
      const request = new Request(text, () => undefined);
      const failed = outcome(request);
      connection.execSqlBatch(request);
      // With another transaction in mind than the server, the driver would be refused.
      expect(await failed).toBeUndefined();
    }
    expect(within).toEqual([false, true, true, false]);
  });

  test('a savepoint is refused, for the fixture has none', async () => {
    const connection = await open(await start());
    await new Promise((begun) => connection.beginTransaction(begun));
    const error = await new Promise<unknown>((done) => connection.saveTransaction(done, 'here'));
    expect(error).toMatchObject({ number: 50_000 });
  });
});

describe('cancelling', () => {
  test('a request that is never answered ends at once, and the connection goes on', async () => {
    const server = await start();
    const connection = await open(server);
    const struck = server.fault({ when: 'request', do: 'stall' });
    const request = new Request('waitfor …', () => undefined);
    const cancelled = outcome(request);
    connection.execSql(request);
    await struck;
    connection.cancel();
    expect(await cancelled).toMatchObject({ code: 'ECANCEL' });

    const next = new Request('select …', () => undefined);
    const answered = outcome(next);
    connection.execSql(next);
    expect(await answered).toBeUndefined();
    expect(server.connections).toBe(1);
  });

  test('an endless set stops after the row it is at', async () => {
    async function* endless() {
      for (let n = 0; ; n++) yield [n];
    }
    const answer = () => ({ sets: [{ columns: [{ name: 'n', type: 'int' as const }], rows: endless() }] });
    const connection = await open(await start({ answer }));
    const request = new Request('select …', () => undefined);
    const cancelled = outcome(request);
    request.once('row', () => connection.cancel());
    connection.execSqlBatch(request);
    expect(await cancelled).toMatchObject({ code: 'ECANCEL' });
  });

  test('mssql cancels while the callback still thinks', async () => {
    let asks = () => {};
    const thinking = new Promise<void>((resolve) => {
      asks = resolve;
    });
    const answer = () => {
      asks();
      return new Promise<never>(() => undefined);
    };
    const request = (await connect(await start({ answer }))).request();
    const answered = request.query('select …');
    const failed = expect(answered).rejects.toMatchObject({ code: 'ECANCEL' });
    await thinking;
    request.cancel();
    await failed;
  });

  test('a request that is cancelled while it is sent is not carried out', async () => {
    const server = await start();
    const connection = await open(server);
    const upload = new Request('insert …', () => undefined);
    upload.addParameter('b', TYPES.VarBinary, Buffer.alloc(1_000_000), { length: Infinity });
    const cancelled = outcome(upload);
    connection.execSql(upload);
    connection.cancel();
    expect(await cancelled).toMatchObject({ code: 'ECANCEL' });

    const next = new Request('select …', () => undefined);
    const answered = outcome(next);
    connection.execSql(next);
    expect(await answered).toBeUndefined();
    expect(asked(server)).toEqual(['rpc: select …']);
  });
});
