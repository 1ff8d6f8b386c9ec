import { describe, expect, test } from 'vitest';
import { applySql, mustBeApplicable, undoSql } from '../../src/deploy/apply.js';
import { type RenderedSql, renderSql, type SqlOptions } from '../../src/deploy/render.js';
import type { TargetId } from '../../src/targets/targets.js';
import { column, people, signature } from '../sql/churn.js';
import { FakeServer, fakeRegistry } from './fake-server.js';

const options: SqlOptions = { data: 'people', map: { years: 'age' } };

function render(
  name: string,
  more: Partial<SqlOptions> = {},
  server = new FakeServer([people]),
  engine: TargetId = 'sql-edge',
) {
  return renderSql(fakeRegistry(signature, { server, engine }), name, { ...options, ...more });
}

describe('with a server', () => {
  test('reads the registry’s own tables, and the data as it is there', async () => {
    const { text } = await render('churn@3');
    expect(text).toContain('FROM [ml].[models] WHERE');
    expect(text).toContain('FROM [dbo].[People] AS s');
    expect(text).toContain('s.[Id] AS [Id]');
    expect(text).not.toContain('not checked');
  });

  test('a table that is not there has near ones', async () => {
    await expect(render('churn', { data: 'dbo.peple' })).rejects.toMatchObject({
      code: 'FILE_NOT_FOUND',
      message: 'there is no table or view dbo.peple (did you mean dbo.People?)',
    });
  });

  test('an engine without PREDICT is refused before anything is read', async () => {
    await expect(render('churn', {}, new FakeServer(), 'sql-server')).rejects.toMatchObject({
      code: 'NO_ONNX_PREDICT',
      message: expect.stringContaining('edge.plant.example/ml'),
    });
  });

  test('an alias is followed by a procedure, and by nothing else', async () => {
    expect((await render('churn@production', { as: 'procedure' })).text).toContain("N'production|'");
    expect((await render('churn@production')).text).not.toContain('production');
    const view = await render('churn@production', { as: 'view' }, new FakeServer([people]), 'synapse');
    expect(view.text).toContain('It was production when this was written, and stays in here.');
    expect((await render('churn', { as: 'procedure' })).text).toContain('It was the newest version');
    expect((await render('churn@3', { as: 'procedure' })).text).not.toContain('when this was written');
  });

  test('a table for predictions that is there must have their columns', async () => {
    const kept = ['Id', 'label', 'probability', 'model_name', 'model_version', 'scored_at'];
    const into = (names: string[]) =>
      new FakeServer([
        people,
        { ...people, parts: ['dbo', 'kept'], columns: names.map((name) => column(name, 'int')) },
      ]);
    expect((await render('churn', { into: 'dbo.kept' }, into(kept))).text).toContain('INSERT INTO [dbo].[kept]');
    await expect(render('churn', { into: 'dbo.kept' }, into(kept.slice(0, -1)))).rejects.toMatchObject({
      code: 'COLUMN_MISMATCH',
      message: 'dbo.kept has no column scored_at',
    });
  });
});

describe('without a server', () => {
  test('the model’s own target says for which engine', async () => {
    const target = (id: TargetId) =>
      renderSql(fakeRegistry(signature, { engine: 'embedded', target: id }), 'churn', { ...options, keys: undefined });
    expect((await target('sql-edge')).text).toContain('for SQL Edge 2.0');
    expect((await target('embedded')).text).toContain('for SQL Edge 2.0');
    expect((await target('synapse')).text).toContain('for Synapse dedicated SQL pool');
    expect((await target('sql-edge-1')).text).toContain('s.[id] AS [id]');
    await expect(target('sql-server')).rejects.toMatchObject({ code: 'NO_ONNX_PREDICT' });
  });
});

describe('what cannot be', () => {
  test.each([
    ['a function', { as: 'function' }],
    ['a view on SQL Edge', { as: 'view' }],
    ['a name for a script', { object: 'dbo.x' }],
    ['a name in another database', { as: 'procedure', object: 'a.b.c' }],
  ] as [string, Partial<SqlOptions>][])('%s is USAGE', async (_, more) => {
    await expect(render('churn', more)).rejects.toMatchObject({ code: 'USAGE' });
  });

  test('a view that keeps rows', async () => {
    const view = render('churn', { as: 'view', into: 'kept' }, new FakeServer([people]), 'synapse');
    await expect(view).rejects.toMatchObject({ code: 'USAGE' });
  });

  test('a script that is applied, and a check that applies', () => {
    for (const [as, checks] of [
      ['script', false],
      ['procedure', true],
    ] as const) {
      expect(() => mustBeApplicable(as, checks)).toThrow(expect.objectContaining({ code: 'USAGE' }));
    }
    mustBeApplicable('procedure', false);
  });
});

describe('--apply', () => {
  const apply = (server: FakeServer, rendered: RenderedSql) => applySql({ server }, rendered);

  test('sends the batches one by one, without GO, and says what it made', async () => {
    const server = new FakeServer([people]);
    const rendered = await render('churn@production', { as: 'procedure', into: 'dbo.kept' }, server);
    expect(await apply(server, rendered)).toEqual([
      { kind: 'table', name: '[dbo].[kept]', done: 'created' },
      { kind: 'procedure', name: '[ml].[score_churn]', done: 'created' },
    ]);
    expect(server.batches).toEqual(rendered.batches);
    expect(rendered.text).toBe(rendered.batches.map((batch) => `${batch}GO\n`).join('\n'));
    expect(server.batches.at(-2)).toMatch(/^ALTER PROCEDURE \[ml\]\.\[score_churn\]\n/);
    expect(server.batches.at(-1)).toMatch(
      /GRANT EXECUTE ON OBJECT::\[ml\]\.\[score_churn\] TO \[predictable_scorer\];$/m,
    );
  });

  test('alters what predictable wrote, keeps tables, and leaves what others wrote alone', async () => {
    const server = new FakeServer([people]);
    const rendered = await render('churn', { as: 'procedure', into: 'dbo.kept', object: 'dbo.score' }, server);
    server.definitions.set('[dbo].[kept]', null).set('[dbo].[score]', rendered.batches.at(-2) ?? '');
    expect((await apply(server, rendered)).map(({ done }) => done)).toEqual(['kept', 'altered']);
    server.batches.length = 0;
    server.definitions.set('[dbo].[score]', 'CREATE PROCEDURE score AS SELECT 1;');
    await expect(apply(server, rendered)).rejects.toMatchObject({ code: 'FILE_EXISTS' });
    expect(server.batches).toEqual([]);
  });

  test('knows its own procedure when it was cut off half-way', async () => {
    const server = new FakeServer([people]);
    const rendered = await render('churn', { as: 'procedure' }, server);
    const [, stub = ''] = /EXEC\(N'(.*)'\);/.exec(rendered.batches[0] ?? '') ?? [];
    server.definitions.set('[ml].[score_churn]', stub.replaceAll("''", "'"));
    expect((await apply(server, rendered)).map(({ done }) => done)).toEqual(['altered']);
  });

  test('is taken back: what was created goes, what was altered gets its text again and keeps its grants', async () => {
    const server = new FakeServer([people]);
    const rendered = await render('churn', { as: 'procedure', into: 'dbo.kept' }, server);
    const created = await undoSql(server, rendered);
    expect(created).toContain(
      "IF OBJECT_ID(N'[ml].[score_churn]', N'P') IS NOT NULL DROP PROCEDURE [ml].[score_churn];\nGO\n",
    );
    expect(created).toContain('-- [dbo].[kept] stays');
    expect(await undoSql(null, rendered)).toBe(created);
    server.definitions.set(
      '[ml].[score_churn]',
      '-- CREATE it\nCREATE PROCEDURE [ml].[score_churn] AS -- Written by predictable\nSELECT 1 AS [old];',
    );
    expect(await undoSql(server, rendered)).toContain(
      '-- CREATE it\nALTER PROCEDURE [ml].[score_churn] AS -- Written by predictable\nSELECT 1 AS [old];\nGO\n',
    );
  });

  test('needs a server', async () => {
    const rendered = await render('churn', { as: 'procedure' });
    await expect(applySql(null, rendered)).rejects.toMatchObject({ code: 'USAGE' });
  });
});
