import { expect, test } from 'vitest';
import { bindColumns } from '../../src/sql/bind.js';
import { column, people, signature } from './churn.js';

const options = { signature, data: 'people', keys: undefined, passThrough: [], map: { YEARS: 'Age' }, table: people };

test('takes the names as the server spells them, and the primary key', () => {
  expect(bindColumns(options)).toMatchObject({
    data: '[dbo].[People]',
    title: 'dbo.People',
    inputs: [{ column: 'years' }, { column: 'Rooms' }, { column: 'income' }, { column: 'city' }],
    passed: [{ name: 'Id', column: { type: 'int' } }],
    notes: [],
  });
});

test('takes the column id where there is no primary key, and keys that are given before either', () => {
  expect(bindColumns({ ...options, table: { ...people, primaryKey: [] } }).passed[0]?.name).toBe('Id');
  expect(bindColumns({ ...options, keys: ['LABEL', 'LABEL'] }).passed.map(({ name }) => name)).toEqual(['Label']);
  expect(bindColumns({ ...options, keys: [] }).passed).toEqual([]);
});

test('passes further columns on behind the keys, each once', () => {
  const passed = bindColumns({ ...options, passThrough: ['label', 'rooms'], keys: ['Id', 'label'] }).passed;
  expect(passed.map(({ name }) => name)).toEqual(['Id', 'Label', 'Rooms']);
});

test('says everything that does not fit at once, with the names that may have been meant', () => {
  const table = {
    ...people,
    primaryKey: [],
    columns: [column('idx', 'int'), column('age', 'nvarchar'), column('room', 'int'), column('city', 'int')],
  };
  expect(() => bindColumns({ ...options, map: {}, table })).toThrow(
    expect.objectContaining({
      code: 'COLUMN_MISMATCH',
      message:
        'dbo.People does not fit the model: age (real) is nvarchar(20) there; rooms (bigint) is missing (did you mean room?); income (float) is missing; city (text) is int there; key id is missing (did you mean idx?)',
      details: expect.objectContaining({ suggestions: { rooms: ['room'], income: [], id: ['idx'] } }),
    }),
  );
});

test.each(['date', 'datetime', 'uniqueidentifier', 'varbinary', 'nvarchar', 'xml'])('%s is no number', (type) => {
  const columns = people.columns.map((known) => (known.name === 'years' ? column('years', type) : known));
  expect(() => bindColumns({ ...options, table: { ...people, columns } })).toThrow(`age (real) is ${type}`);
});

test.each(['bit', 'tinyint', 'decimal', 'money', 'real'])('%s is a number, and no category', (type) => {
  const as = (name: string) =>
    people.columns.map((known) => (known.name === name ? column(name, type, { precision: 9 }) : known));
  expect(bindColumns({ ...options, table: { ...people, columns: as('years') } }).inputs).toHaveLength(4);
  expect(() => bindColumns({ ...options, table: { ...people, columns: as('city') } })).toThrow('city (text) is');
});

test('refuses keys that PREDICT refuses, all by their names', () => {
  const columns = [...people.columns, column('note', 'nvarchar', { length: -1 }), column('uid', 'uniqueidentifier')];
  const table = { ...people, columns };
  expect(() => bindColumns({ ...options, table, keys: ['seen', 'note', 'id'] })).toThrow(
    expect.objectContaining({
      code: 'UNSUPPORTED_TYPE',
      message: 'PREDICT takes no such column of dbo.People as a key: seen is datetime2(3), note is nvarchar(max)',
    }),
  );
  expect(() => bindColumns({ ...options, table, passThrough: ['note'] })).toThrow('note is nvarchar(max)');
  expect(bindColumns({ ...options, table, keys: ['uid'] }).passed).toHaveLength(1);
});

test('says that char(n) is filled up with blanks', () => {
  const with_ = (city: ReturnType<typeof column>) =>
    bindColumns({ ...options, table: { ...people, columns: [...people.columns.slice(0, 5), city] } }).notes;
  expect(with_(column('city', 'char', { length: 10 }))).toEqual([expect.stringContaining('city is char(10)')]);
  expect(with_(column('city', 'nchar', { length: 8 }))).toEqual([expect.stringContaining('city is nchar(4)')]);
  expect(with_(column('city', 'varchar'))).toEqual([]);
});

test('refuses a map that leads nowhere', () => {
  for (const map of [{ yaers: 'age' }, { years: 'agee' }, { years: 'age', income: 'age' }] as Record<
    string,
    string
  >[]) {
    expect(() => bindColumns({ ...options, map })).toThrow(expect.objectContaining({ code: 'COLUMN_MISMATCH' }));
  }
});

test('without a server it takes the names as they are, and says so', () => {
  const bound = bindColumns({ ...options, table: null, keys: ['ID'] });
  expect(bound).toMatchObject({ data: '[people]', passed: [{ name: 'ID', column: null }] });
  expect(bound.notes).toEqual([expect.stringContaining('not checked')]);
});
