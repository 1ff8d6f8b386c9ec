import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import sql from 'mssql';
import { Request, TYPES } from 'tedious';
import { describe, expect, test } from 'vitest';
import { TdsFailure } from './answer.js';
import { certificate } from './certificate.js';
import { asked, connect, open, outcome, start } from './drivers.js';

type DataType = (typeof TYPES)[keyof typeof TYPES];

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

  test('a certificate is checked against its authority and its name', async () => {
    const server = await start({ tls: 'on', certificate });
    const options = { encrypt: true, cryptoCredentialsDetails: { ca: certificate.cert } };
    await connect(server, { options });
    await expect(connect(server, { options: { ...options, serverName: 'elsewhere' } })).rejects.toThrow(
      "does not match certificate's altnames",
    );
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

  test('SQL may go over to another database', async () => {
    const connection = await open(await start({ answer: () => ({ database: 'archive' }) }));
    const changed = once(connection, 'databaseChange');
    const request = new Request('use archive', () => undefined);
    const failed = outcome(request);
    connection.execSqlBatch(request);
    expect(await changed).toEqual(['archive']);
    expect(await failed).toBeUndefined();
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

  test('a statement may be prepared and executed at once, and executed again until it is dropped', async () => {
    const server = await start();
    const connection = await open(server);
    const call = async (procedure: string, parameters: [string, DataType, unknown][], handle = false) => {
      const request = new Request(procedure, () => undefined);
      let back: unknown;
      request.on('returnValue', (_name, value) => {
        back = value;
      });
      if (handle) request.addOutputParameter('handle', TYPES.Int);
      for (const parameter of parameters) request.addParameter(...parameter);
      const failed = outcome(request);
      connection.callProcedure(request);
      return { error: await failed, back };
    };
    const declarations = ['params', TYPES.NVarChar, '@n int, @s nvarchar(7)'] as [string, DataType, unknown];
    const values = (n: number): [string, DataType, unknown][] => [
      ['', TYPES.Int, n],
      ['', TYPES.NVarChar, 'x'],
    ];
    const { back } = await call(
      'sp_prepexec',
      [declarations, ['stmt', TYPES.NVarChar, 'select @n'], ...values(1)],
      true,
    );
    await call('sp_execute', [['handle', TYPES.Int, back], ...values(2)]);
    await call('sp_unprepare', [['handle', TYPES.Int, back]]);
    const late = await call('sp_execute', [['handle', TYPES.Int, back], ...values(3)]);
    await call('sp_executesql', [['stmt', TYPES.NVarChar, 'select 4'], declarations, ...values(4)]);

    expect(late.error).toMatchObject({ number: 8179 });
    expect(server.requests.map(({ text, parameters }) => [text, parameters.n])).toEqual([
      ['select @n', 1],
      ['select @n', 2],
      ['select @n', undefined],
      ['', undefined],
      ['select 4', 4],
    ]);
    expect(server.requests[1]?.types).toEqual({ n: 'int', s: 'nvarchar(7)' });
  });
});
