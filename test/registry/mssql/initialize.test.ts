/** What was in the database before: nothing, the quickstart's table, Azure Data Studio's, or something else. */

import { afterEach, describe, expect, test } from 'vitest';
import { bytes, node, value } from '../../graph/build.js';
import { request } from '../contract.js';
import { type ScriptedServer, startScripted } from './scripted/server.js';
import { emptyState, type Model } from './scripted/state.js';

const servers: ScriptedServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function start(
  table: ReturnType<typeof emptyState>['table'],
  models: Partial<Model>[] = [],
): Promise<ScriptedServer> {
  const server = await startScripted();
  servers.push(server);
  const state = server.state();
  state.table = table;
  for (const model of models) state.models.push({ ...EMPTY, ...model, id: state.nextId++ });
  return server;
}

const EMPTY: Model = {
  id: 0,
  data: null,
  description: null,
  name: null,
  version: null,
  sha256: null,
  bytes: null,
  target: null,
  full_description: null,
  signature: null,
  verification: null,
  provenance: null,
  interface_sha256: null,
  binding_sha256: null,
  created_at: null,
  created_by: null,
};

/** As the quickstart exports: a column a [1,1] tensor, and nothing of ours in its metadata. */
const quickstart = Buffer.from(
  bytes(
    {
      inputs: [value('CRIM', 'double', [1, 1]), value('TAX', 'int64', [1, 1])],
      outputs: [value('variable1', 'double', [1, 1])],
      nodes: [node('Identity', ['CRIM'], ['variable1'])],
    },
    { ir: 6, opsets: [{ domain: '', version: 11 }] },
  ),
);
const vector = Buffer.from(
  bytes({
    inputs: [value('x', 'float', ['N', 2])],
    outputs: [value('y', 'float', ['N', 2])],
    nodes: [node('Identity', ['x'], ['y'])],
  }),
);

describe('a database', () => {
  test('without a registry says so, and reading makes none', async () => {
    const server = await start('none');
    const registry = server.registry();
    const missing = { code: 'REGISTRY_NOT_INITIALIZED', hint: expect.stringContaining('predictable init') };
    await expect(registry.list()).rejects.toMatchObject(missing);
    await expect(registry.register(request('one'))).rejects.toMatchObject(missing);
    expect(server.state()).toEqual(emptyState());
    const { changes } = await registry.plan();
    expect(changes).toContain('table [dbo].[models]');
    expect(server.state()).toEqual(emptyState());
    expect((await registry.initialize()).changes).toEqual(changes);
    expect(await registry.list()).toEqual([]);
    expect(await registry.initialize()).toEqual({ changes: [], adopted: [], left: [] });
  });

  test('with the quickstart’s table: its rows stay, and those that PREDICT can score are models', async () => {
    const server = await start('quickstart', [
      { data: quickstart, description: 'Average house price' },
      { data: vector, description: 'takes a vector' },
      { data: Buffer.from('no model'), description: null },
      { data: null, description: 'empty' },
    ]);
    const registry = server.registry();
    const { changes, adopted, left } = await registry.initialize();
    expect(changes).toContain('columns of [dbo].[models] for names, versions, signatures and proofs');
    expect(changes).not.toContain('table [dbo].[models]');
    expect(adopted).toMatchObject([
      {
        name: 'model-1',
        version: 1,
        description: 'Average house price',
        verification: null,
        signature: {
          inputs: [
            { name: 'CRIM', sqlType: 'float', nulls: 'error' },
            { name: 'TAX', sqlType: 'bigint', nulls: 'error' },
          ],
          outputs: [{ name: 'variable1', sqlType: 'float' }],
        },
      },
    ]);
    expect(left).toMatchObject([
      { id: 2, reason: expect.stringContaining('[N,2]') },
      { id: 3, reason: expect.any(String) },
    ]);
    expect(server.state().models.map(({ id, data }) => [id, data])).toEqual([
      [1, quickstart],
      [2, vector],
      [3, Buffer.from('no model')],
      [4, null],
    ]);
    expect(Buffer.from((await registry.read({ name: 'model-1' })).bytes)).toEqual(quickstart);
    expect((await registry.register(request('one'))).version.version).toBe(1);
    expect(await registry.initialize()).toMatchObject({ changes: [], adopted: [] });
  });

  test('with Azure Data Studio’s table: its models keep their names', async () => {
    const server = await start('studio', [
      { data: quickstart, description: 'a', model_name: 'house price' },
      { data: Buffer.concat([quickstart]), description: 'b', model_name: 'house price' },
      { data: quickstart, description: 'c', model_name: 'x@y' },
    ]);
    const { adopted } = await server.registry().initialize();
    expect(adopted.map(({ name, version }) => [name, version])).toEqual([
      ['house price', 1],
      ['house price', 2],
      ['model-3', 1],
    ]);
  });

  test('with another table of that name: it is left as it is, and the way out is said', async () => {
    const server = await start('foreign');
    const registry = server.registry();
    const refused = { code: 'USAGE', hint: expect.stringContaining('?table=') };
    await expect(registry.plan()).rejects.toMatchObject(refused);
    await expect(registry.initialize()).rejects.toMatchObject(refused);
    expect(server.state()).toEqual({ ...emptyState(), table: 'foreign' });
  });

  test('of a newer predictable is refused', async () => {
    const server = await start('none');
    await server.registry().initialize();
    server.state().versions.push(99);
    await expect(server.registry().list()).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('newer'),
    });
  });

  test('that two clients make ready at once is ready', async () => {
    const server = await start('none');
    await Promise.all([server.registry().initialize(), server.registry().initialize()]);
    expect(server.state().versions).toEqual([1]);
    expect(new Set(server.state().tables).size).toBe(server.state().tables.length);
  });
});

describe('a model for another engine', () => {
  test.each(['sql-server', 'embedded'] as const)('%s is TARGET_MISMATCH, and nothing is there', async (target) => {
    const server = await start('none');
    const registry = server.registry();
    await registry.initialize();
    await expect(registry.register(request('one', { target }))).rejects.toMatchObject({
      code: 'TARGET_MISMATCH',
      message: expect.stringContaining('Azure SQL Edge 2.0'),
      hint: expect.stringContaining('--target sql-edge'),
    });
    expect(server.state().models).toEqual([]);
  });

  test('an older one is taken: SQL Edge 2.0 loads what SQL Edge 1.0 loads', async () => {
    const server = await start('none');
    const registry = server.registry();
    await registry.initialize();
    expect((await registry.register(request('one', { target: 'sql-edge-1' }))).version.target).toBe('sql-edge-1');
  });
});
