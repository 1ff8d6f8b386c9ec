import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatAddress, isServerAddress, parseAddress } from '../../src/server/address.js';

const plain = {
  host: 'edge.example',
  port: null,
  instance: null,
  database: 'plant',
  user: null,
  password: null,
  authentication: 'sql',
  encrypt: true,
  trustServerCertificate: false,
  ca: null,
  schema: 'dbo',
  table: 'models',
  connectTimeout: 15_000,
  requestTimeout: 300_000,
};

describe('parseAddress', () => {
  test.each([
    ['mssql://edge.example/plant', plain],
    ['mssql://ml@edge.example:1444/plant', { ...plain, user: 'ml', port: 1444 }],
    ['mssql://a%40b:p%3Aw@edge.example/my%20plant', { ...plain, user: 'a@b', password: 'p:w', database: 'my plant' }],
    ['mssql://edge.example/INST1/plant', { ...plain, instance: 'INST1' }],
    ['mssql://[::1]/plant', { ...plain, host: '::1' }],
    [
      'mssql://edge.example/plant?schema=ml&table=nets&trustServerCertificate=true&connectTimeout=3',
      { ...plain, schema: 'ml', table: 'nets', trustServerCertificate: true, connectTimeout: 3000 },
    ],
    ['mssql://edge.example/plant?authentication=entra', { ...plain, authentication: 'entra' }],
    ['Server=edge.example;Database=plant', plain],
    [
      'Data Source=tcp:edge.example,1444;Initial Catalog=plant;User ID=ml;Password="a;b""c";Encrypt=yes;TrustServerCertificate=True;Connection Timeout=30;MultipleActiveResultSets=False',
      {
        ...plain,
        port: 1444,
        user: 'ml',
        password: 'a;b"c',
        trustServerCertificate: true,
        connectTimeout: 30_000,
      },
    ],
    ['server=edge.example\\SQLEXPRESS; database=plant; uid=ml', { ...plain, instance: 'SQLEXPRESS', user: 'ml' }],
    [
      'Server=edge.example;Database=plant;Authentication=Active Directory Default;Encrypt=Optional',
      { ...plain, authentication: 'entra', encrypt: false },
    ],
  ])('reads %s', (text, expected) => {
    expect(isServerAddress(text)).toBe(true);
    expect(parseAddress(text)).toEqual(expected);
  });

  test.each([
    'mssql://sa:secret@/plant',
    'mssql://sa:secret@edge.example',
    'mssql://sa:secret@edge.example/a/b/c',
    'mssql://sa:secret@edge.example/plant?nope=1',
    'mssql://sa:secret@edge.example/plant?encrypt=perhaps',
    'mssql://sa:secret@edge.example/plant?requestTimeout=-1',
    `mssql://sa:secret@edge.example/plant?table=${'x'.repeat(113)}`,
    'mssql://sa:secret@edge.example/%zz',
    'Server=edge.example;Password=secret',
    'Server=edge.example,99999;Database=plant;Password=secret',
    'Server=edge.example;Database=plant;Nonsense=1;Password=secret',
  ])('refuses %s, and does not repeat the password', (text) => {
    let error: unknown;
    try {
      parseAddress(text);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({ code: 'USAGE' });
    expect(JSON.stringify(error)).not.toContain('secret');
  });

  test('is no address of a server', () => {
    for (const text of ['duckdb:a.duckdb', 'prod', 'C:\\models']) expect(isServerAddress(text)).toBe(false);
  });
});

test('an address is written so that it reads back as the same place, without its password', () => {
  const word = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
    .filter((text) => !/[\\/\p{Cs}]/u.test(text));
  const address = fc.record({
    host: fc.constantFrom('edge.example', '127.0.0.1', '::1'),
    port: fc.option(fc.integer({ min: 1, max: 65535 })),
    instance: fc.option(word),
    database: word,
    user: fc.option(word),
    password: fc.option(word),
    authentication: fc.constantFrom('sql', 'entra'),
    encrypt: fc.boolean(),
    trustServerCertificate: fc.boolean(),
    ca: fc.option(word),
    schema: word,
    table: word,
    connectTimeout: fc.integer({ min: 1, max: 100 }).map((seconds) => seconds * 1000),
    requestTimeout: fc.integer({ min: 1, max: 1000 }).map((seconds) => seconds * 1000),
  });
  fc.assert(
    fc.property(address, (generated) => {
      const one = generated as ReturnType<typeof parseAddress>;
      // `.` and `..` are folders in a URL, whatever they stand for.
      fc.pre(![one.database, one.instance].some((part) => part === '.' || part === '..'));
      expect(parseAddress(formatAddress(one))).toEqual({ ...one, password: null });
    }),
  );
});
