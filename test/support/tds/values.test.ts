import { randomBytes } from 'node:crypto';
import sql from 'mssql';
import { describe, expect, test } from 'vitest';
import { certificate } from './certificate.js';
import { connect, start } from './drivers.js';

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
