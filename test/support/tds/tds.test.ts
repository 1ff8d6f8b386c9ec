import { randomBytes } from 'node:crypto';
import sql from 'mssql';
import { Request } from 'tedious';
import { describe, expect, test } from 'vitest';
import { TdsFailure } from './answer.js';
import { certificate } from './certificate.js';
import { asked, connect, open, outcome, start } from './drivers.js';

describe('login', () => {
  test.each([
    ['without TLS', 'off', false],
    ['over TLS', 'on', true],
  ] as const)('the server sees who asks, %s', async (_title, tls, encrypt) => {
    const server = await start({ tls, certificate });
    const pool = await connect(server, { options: { encrypt, trustServerCertificate: true } });
    await pool.query('select 1 as n');
    expect(server.logins.at(-1)).toMatchObject({
      user: 'loader',
      password: 'pä$$ wörd',
      token: null,
      database: 'models',
      appName: 'predictable test',
      clientName: 'Tedious',
      encrypted: encrypt,
    });
    expect(asked(server)).toEqual(['rpc: select 1 as n']);
  });

  test('a certificate that nobody vouches for is refused unless trusted', async () => {
    const server = await start({ tls: 'on', certificate });
    await expect(connect(server, { options: { encrypt: true } })).rejects.toThrow('self-signed certificate');
    expect(server.logins).toEqual([]);
  });

  test('an access token is seen instead of a password', async () => {
    const server = await start();
    await connect(server, {
      authentication: { type: 'azure-active-directory-access-token', options: { token: 'eyJ.tøken' } },
    });
    expect(server.logins[0]).toMatchObject({ user: '', password: '', token: 'eyJ.tøken' });
  });

  test('a login may be refused', async () => {
    const login = () => ({ number: 18456, message: "Login failed for user 'loader'.", class: 14 });
    const server = await start({ login });
    await expect(connect(server)).rejects.toMatchObject({ code: 'ELOGIN', message: "Login failed for user 'loader'." });
  });

  test('the packet size is the one that the client asked for', async () => {
    const server = await start();
    const pool = await connect(server, { options: { packetSize: 16_384 } } as Partial<sql.config>);
    const bytes = randomBytes(100_000);
    const { recordset } = await pool.request().input('b', sql.VarBinary(sql.MAX), bytes).query('x');
    expect(server.logins.at(-1)?.packetSize).toBe(16_384);
    expect(bytes.equals(recordset[0].b)).toBe(true);
  });
});

const moment = new Date('2026-02-28T23:59:58.123Z');

describe('values', () => {
  test.each<[string, sql.ISqlType | (() => sql.ISqlType), unknown, unknown?]>([
    ['bit', sql.Bit, true],
    ['tinyint', sql.TinyInt, 255],
    ['smallint', sql.SmallInt, -32_768],
    ['int', sql.Int, -2_147_483_648],
    ['bigint', sql.BigInt, 9_007_199_254_740_993n, '9007199254740993'],
    ['real', sql.Real, 1.5],
    ['float', sql.Float, Math.PI],
    ['decimal(9,3)', sql.Decimal(9, 3), -1234.567],
    ['decimal(38,2)', sql.Decimal(38, 2), 12_345.67],
    ['money', sql.Money, 12.34],
    ['nvarchar(20)', sql.NVarChar(20), 'Malmö, 東京 🙂'],
    ['nvarchar(20)', sql.NVarChar(20), ''],
    ['nvarchar(max)', sql.NVarChar(sql.MAX), 'ü'.repeat(10_000)],
    ['nvarchar(max)', sql.NVarChar(sql.MAX), ''],
    ['varchar(20)', sql.VarChar(20), 'naïve €'],
    ['varchar(20)', sql.VarChar(20), 'Ł', '?'],
    ['varchar(max)', sql.VarChar(sql.MAX), 'é'.repeat(10_000)],
    ['varbinary(8)', sql.VarBinary(8), Buffer.from([0, 255, 10])],
    ['varbinary(max)', sql.VarBinary(sql.MAX), Buffer.alloc(0)],
    ['date', sql.Date, new Date('0001-01-01T00:00:00.000Z')],
    ['datetime', sql.DateTime, moment],
    ['datetime2(3)', sql.DateTime2(3), moment],
    ['datetime2(7)', sql.DateTime2(7), new Date('1960-06-15T12:00:00.001Z')],
    ['datetimeoffset(7)', sql.DateTimeOffset(7), moment],
    ['time(3)', sql.Time(3), new Date('1970-01-01T10:20:30.405Z')],
    ['uniqueidentifier', sql.UniqueIdentifier, '6F9619FF-8B86-D011-B42D-00C04FC964FF'],
  ])('%s travels both ways, and so does its null', async (type, parameter, value, back = value) => {
    const server = await start();
    const pool = await connect(server);
    const request = pool
      .request()
      .input('v', parameter as sql.ISqlType, value)
      .input('n', parameter as sql.ISqlType, null);
    const { recordset } = await request.query('select @v as v, @n as n');
    expect(recordset).toEqual([{ v: back, n: null }]);
    expect(server.requests[0]?.types.v).toBe(type);
  });

  test('the server sees parameters as they were meant', async () => {
    const server = await start();
    const pool = await connect(server);
    const request = pool.request().input('id', sql.BigInt, 5).input('price', sql.Decimal(12, 4), 1.25);
    await request.input('name', 'x').input('when', sql.DateTime2, moment).query('merge …');
    expect(server.requests).toEqual([
      {
        kind: 'rpc',
        text: 'merge …',
        procedure: 'sp_executesql',
        parameters: { id: 5n, price: '1.2500', name: 'x', when: moment },
        types: { id: 'bigint', price: 'decimal(12,4)', name: 'nvarchar(1)', when: 'datetime2(7)' },
      },
    ]);
  });

  test.each(['off', 'on'] as const)('5 MB of varbinary(max) come back as they went, TLS %s', async (tls) => {
    const server = await start({ tls, certificate });
    const pool = await connect(server, { options: { encrypt: tls === 'on', trustServerCertificate: true } });
    const bytes = randomBytes(5_000_000);
    const { recordset } = await pool.request().input('b', sql.VarBinary(sql.MAX), bytes).query('x');
    expect(bytes.equals(server.requests[0]?.parameters.b as Buffer)).toBe(true);
    expect(bytes.equals(recordset[0].b)).toBe(true);
  });
});

describe('answers', () => {
  test('a batch has several sets, counts and messages', async () => {
    const columns = [{ name: 'n', type: 'int' }] as const;
    const server = await start({
      answer: () => ({
        infos: [{ number: 0, message: 'printed' }],
        sets: [
          { columns: [...columns], rows: [[1], [2]] },
          { columns: [...columns], rows: [] },
        ],
        rowsAffected: [7],
      }),
    });
    const request = (await connect(server)).request();
    const printed: string[] = [];
    request.on('info', ({ message }: { message: string }) => printed.push(message));
    const { recordsets, rowsAffected } = await request.batch('select …; select …; delete …');
    expect(recordsets).toEqual([[{ n: 1 }, { n: 2 }], []]);
    expect(rowsAffected).toEqual([2, 0, 7]);
    expect(printed).toEqual(['printed']);
    expect(asked(server)).toEqual(['batch: select …; select …; delete …']);
  });

  test('errors keep their numbers, classes, states and lines', async () => {
    const server = await start({
      answer: () => ({
        errors: [
          { number: 2627, message: 'Violation of PRIMARY KEY', class: 14, state: 2, line: 3 },
          { number: 3621, message: 'The statement has been terminated.' },
        ],
      }),
    });
    const pool = await connect(server);
    await expect(pool.query('insert …')).rejects.toMatchObject({
      number: 3621,
      class: 16,
      precedingErrors: [{ number: 2627, class: 14, state: 2, lineNumber: 3 }],
    });
  });

  test('rows are streamed, and an error may come halfway', async () => {
    async function* rows() {
      for (let n = 1; n <= 3; n++) yield [n];
      throw new TdsFailure({ number: 245, message: 'Conversion failed' });
    }
    const answer = () => ({ sets: [{ columns: [{ name: 'n', type: 'int' as const }], rows: rows() }] });
    const pool = await connect(await start({ answer }));
    const request = pool.request();
    request.stream = true;
    const seen: unknown[] = [];
    request.on('row', ({ n }) => seen.push(n));
    request.on('error', ({ number }) => seen.push(number));
    await new Promise((done) => {
      request.on('done', done);
      request.query('select …');
    });
    expect(seen).toEqual([1, 2, 3, 245]);
  });

  test('a procedure gives back its outputs and its status', async () => {
    const answer = () => ({ output: { version: 4 }, returnStatus: 3 });
    const server = await start({ answer });
    const request = (await connect(server)).request().input('name', 'iris').output('version', sql.Int);
    const { output, returnValue } = await request.execute('dbo.register');
    expect({ output, returnValue }).toEqual({ output: { version: 4 }, returnValue: 3 });
    expect(server.requests[0]).toMatchObject({ procedure: 'dbo.register', parameters: { name: 'iris' } });
  });

  test('a mistake in the callback reaches the driver', async () => {
    const answer = () => {
      throw new Error('no such table here');
    };
    const pool = await connect(await start({ answer }));
    await expect(pool.query('x')).rejects.toThrow('no such table here');
  });

  test('a prepared statement is prepared once and executed with its own types', async () => {
    const server = await start();
    const statement = new sql.PreparedStatement(await connect(server)).input('n', sql.Int).input('s', sql.NVarChar(5));
    await statement.prepare('select @n, @s');
    const rows = [await statement.execute({ n: 1, s: 'a' }), await statement.execute({ n: 2, s: null })];
    await statement.unprepare();
    expect(rows.map(({ recordset }) => recordset[0])).toEqual([
      { n: 1, s: 'a' },
      { n: 2, s: null },
    ]);
    expect(server.requests.map(({ procedure, text }) => [procedure, text])).toEqual(
      ['sp_prepare', 'sp_execute', 'sp_execute', 'sp_unprepare'].map((name) => [name, 'select @n, @s']),
    );
    expect(server.requests[1]?.types).toEqual({ n: 'int', s: 'nvarchar(5)' });
  });
});

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
    const server = await start();
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
    await new Promise((begun) => connection.beginTransaction(begun));
    await new Promise((done) => connection.reset(done));
    const commit = await new Promise<unknown>((done) => connection.commitTransaction(done));
    expect(commit).toMatchObject({ number: 3902 });
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
});
