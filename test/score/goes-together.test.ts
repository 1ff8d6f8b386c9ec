import { describe, expect, test } from 'vitest';
import { type Asked, mustGoTogether, outputHere, type RowsPlace } from '../../src/score/goes-together.js';

const THERE: RowsPlace = { table: 'dbo.flowers' };
const FILE: RowsPlace = { file: 'rows.csv', database: 'models.duckdb' };
const FILE_FOR_SERVER: RowsPlace = { file: 'rows.csv', database: null };

const file = { file: 'p.csv' };
const into = { into: 'dbo.predictions' };

describe('go together', () => {
  test.each<[string, Asked, RowsPlace]>([
    ['a table of the server, scored there, kept there', { output: into }, THERE],
    ['the same into a file, and scored here too', { output: file, compare: true }, THERE],
    ['a table of the server, scored here into a file', { engine: 'local', output: file }, THERE],
    ['a file into a file', { output: file }, FILE],
    ['a file into a table of the registry’s file', { engine: 'local', output: into }, FILE],
    ['a file for a model of a server', { output: file }, FILE_FOR_SERVER],
  ])('%s', (_, asked, rows) => {
    expect(() => mustGoTogether(asked, rows)).not.toThrow();
  });
});

describe('do not go together', () => {
  test.each<[Asked, RowsPlace, string]>([
    [{ engine: 'predict' }, FILE, 'and the registry is a file'],
    [{ engine: 'predict' }, FILE_FOR_SERVER, 'and rows.csv is a file'],
    [{ compare: true }, FILE, '--compare scores a table of the registry’s server, and the registry is a file'],
    [{ output: into }, FILE_FOR_SERVER, '--into dbo.predictions is a table of the server'],
    [{ engine: 'local', output: into }, THERE, '--into dbo.predictions is a table of the server'],
    [{ engine: 'local', compare: true }, THERE, '--compare holds what the server predicts'],
    [{ output: into, compare: true }, THERE, '--into leaves them on the server'],
  ])('%o of %o', (asked, rows, message) => {
    expect(() => mustGoTogether(asked, rows)).toThrow(
      expect.objectContaining({ code: 'USAGE', message: expect.stringContaining(message) }),
    );
  });
});

test('a table of predictions lies in the registry’s file', () => {
  expect(outputHere({ into: 'p' }, 'models.duckdb')).toEqual({ table: 'p', database: 'models.duckdb' });
  expect(outputHere(file, null)).toBe(file);
  expect(outputHere(undefined, null)).toBeUndefined();
});
