import { expect, test } from 'vitest';
import { arrived, readingOf, selected } from '../../src/server/column-types.js';

const reading = (type: string, precision = 0, scale = 0) => {
  const found = readingOf({ type, precision, scale });
  if (found === null) throw new Error(`${type} cannot be read`);
  return found;
};

test.each([
  ['int', 0, 0, 's.[x]'],
  ['decimal', 15, 2, 's.[x]'],
  ['decimal', 16, 2, 'CONVERT(varchar(41), s.[x])'],
  ['numeric', 38, 38, 'CONVERT(varchar(41), s.[x])'],
  ['smallmoney', 10, 4, 's.[x]'],
  ['money', 19, 4, 'CONVERT(varchar(41), CAST(s.[x] AS decimal(19, 4)))'],
  ['datetime', 0, 0, 's.[x]'],
  ['datetime2', 0, 7, 'CONVERT(varchar(27), s.[x], 126)'],
  ['datetimeoffset', 0, 7, 'CONVERT(varchar(34), s.[x])'],
  ['time', 0, 7, 'CONVERT(varchar(16), s.[x])'],
])('%s(%i,%i) is selected as text only where the driver would lose digits', (type, precision, scale, text) => {
  expect(selected('s.[x]', reading(type, precision, scale))).toBe(text);
});

test.each([
  ['decimal', 15, 2, 0.07, '0.07', 'DECIMAL(15,2)'],
  ['decimal', 9, 0, 123456789, '123456789', 'DECIMAL(9,0)'],
  ['smallmoney', 10, 4, -214748.3648, '-214748.3648', 'DECIMAL(10,4)'],
  ['date', 0, 0, new Date('9999-12-31T00:00:00Z'), '9999-12-31', 'DATE'],
  ['smalldatetime', 0, 0, new Date('2024-02-29T23:59:00Z'), '2024-02-29T23:59:00.000', 'TIMESTAMP'],
  ['bigint', 0, 0, '-9223372036854775808', -(2n ** 63n), 'BIGINT'],
  ['bit', 0, 0, false, false, 'BOOLEAN'],
  ['nvarchar', 0, 0, 'a ', 'a ', 'VARCHAR'],
  ['int', 0, 0, null, null, 'INTEGER'],
] as const)('%s(%i,%i): %s arrives as %s, a %s', (type, precision, scale, value, expected, duckdb) => {
  const found = reading(type, precision, scale);
  expect(arrived(value, found)).toBe(expected);
  expect(found.type).toBe(duckdb);
});

test.each(['binary', 'varbinary', 'image', 'timestamp', 'xml', 'sql_variant', 'geography', 'hierarchyid'])(
  '%s has no form here',
  (type) => {
    expect(readingOf({ type, precision: 0, scale: 0 })).toBeNull();
  },
);
