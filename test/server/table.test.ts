import { expect, test } from 'vitest';
import { declaredType, describeTable, findTable, shortName, tableStatements } from '../../src/server/table.js';
import { FakeServer } from '../deploy/fake-server.js';
import { column, people } from '../sql/churn.js';

test('describes a table as the server spells it', async () => {
  expect(await describeTable(new FakeServer([people]), ['DBO', 'people'])).toEqual(people);
  const view = { ...people, kind: 'view' as const, primaryKey: [] };
  expect(await describeTable(new FakeServer([view]), ['people'])).toEqual(view);
});

test('a table that is not there has near ones, in its schema', async () => {
  const server = new FakeServer([people, { ...people, parts: ['ml', 'persons'] }]);
  expect(await findTable(server, ['dbo', 'peopel'])).toBeNull();
  await expect(describeTable(server, ['dbo', 'peopel'])).rejects.toMatchObject({
    code: 'FILE_NOT_FOUND',
    message: 'there is no table or view dbo.peopel (did you mean dbo.People?)',
    hint: expect.stringContaining('The schema has People.'),
    details: { table: 'dbo.peopel', near: ['dbo.People'] },
  });
  await expect(describeTable(server, ['my schema', 'x'])).rejects.toThrow('there is no table or view [my schema].x');
});

test('asks for the name by a parameter, and in its own database', async () => {
  const statements = tableStatements(['my ]db', 'dbo', "it's"]);
  for (const statement of Object.values(statements)) {
    expect(statement).toContain('[my ]]db].[sys].');
    expect(statement).not.toContain("it's");
  }
});

test.each([
  [column('a', 'int'), 'int'],
  [column('a', 'nvarchar', { length: 100 }), 'nvarchar(50)'],
  [column('a', 'varchar', { length: -1 }), 'varchar(max)'],
  [column('a', 'char', { length: 3 }), 'char(3)'],
  [column('a', 'decimal', { precision: 18, scale: 4 }), 'decimal(18, 4)'],
  [column('a', 'datetime2', { scale: 7 }), 'datetime2(7)'],
  [column('a', 'varbinary', { length: 16 }), 'varbinary(16)'],
  [column('a', 'uniqueidentifier'), 'uniqueidentifier'],
])('declares %o', (known, declared) => {
  expect(declaredType(known)).toBe(declared);
});

test('writes brackets where a name needs them', () => {
  expect(shortName(['dbo', 'Över_1', 'a b', 'a]b', '1a'])).toBe('dbo.Över_1.[a b].[a]]b].[1a]');
});
