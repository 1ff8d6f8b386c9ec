import { expect, it } from 'vitest';
import { modelSql } from '../../src/report/model-sql.js';
import { converted, failed, HOSTILE_NAMES } from './results.js';

it('is what `predictable sql` writes for the version, with the sha256 that it must have', () => {
  const registered = { registry: 'duckdb:r.duckdb', name: 'churn', version: 7, created: true };
  const { text, note } = modelSql(converted('churn', { registered }));
  expect(text).toContain('with churn, version 7');
  expect(text).toContain('ab'.repeat(32));
  expect(text).toContain('PREDICT(MODEL = @model');
  expect(note).toContain('version 7');
});

it('says that a model without a registry is taken for version 1', () => {
  const { text, note } = modelSql(converted('churn'));
  expect(text).toContain('version 1');
  expect(note).toContain('not registered');
});

it('says why there is none, and what to do instead', () => {
  const { text, note } = modelSql(converted('churn', { target: 'sql-server' }));
  expect(text).toBeUndefined();
  expect(note).toContain('no PREDICT');
  expect(note).toContain('--target sql-edge');
  expect(modelSql(failed('broken')).text).toBeUndefined();
});

it('writes SQL for SQL Edge of a model that was made for the embedded registry, as `sql` does', () => {
  expect(modelSql(converted('churn', { target: 'embedded' })).text).toContain('for SQL Edge 2.0');
});

it.each(HOSTILE_NAMES)('holds the name %j as text', (name) => {
  const { text = '' } = modelSql(converted(name));
  expect(text).toContain('PREDICT(MODEL');
  // A comment ends with its line: nothing of the name may begin another.
  const [head = ''] = text.split('\n');
  expect(head).toMatch(/^-- Scores dbo\.features with .*, version 1\.$/);
  const comments = text.split('\n').filter((line) => line.startsWith('--'));
  expect(comments.join('\n')).not.toContain('\u202e');
});

it('says why no T-SQL can be written, such as for a column without a possible name', () => {
  const [input] = converted('a').inputs ?? [];
  const { text, note } = modelSql(converted('a', { inputs: [{ ...input!, name: 'x'.repeat(200) }] }));
  expect(text).toBeUndefined();
  expect(note).toContain('cannot be a name in T-SQL');
});
