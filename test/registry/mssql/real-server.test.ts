/** The contract and the scripts on a real server, where PREDICTABLE_TEST_MSSQL names one: `mssql://user:password@host/database`. */

import { randomBytes } from 'node:crypto';
import { afterAll, describe, expect, test } from 'vitest';
import { MssqlRegistry } from '../../../src/registry/mssql/registry.js';
import { promoteScript } from '../../../src/registry/mssql/scripts/alias.js';
import { removeScriptFor, rollbackScriptFor } from '../../../src/registry/mssql/scripts/from-server.js';
import { initScript, rolesScript } from '../../../src/registry/mssql/scripts/init.js';
import { registerScript } from '../../../src/registry/mssql/scripts/register.js';
import { openServerRegistry } from '../../../src/registry/open.js';
import type { ServerRegistry } from '../../../src/registry/registry.js';
import { formatAddress, parseAddress } from '../../../src/server/address.js';
import { openServer } from '../../../src/server/open.js';
import { int, nvarchar, varbinary } from '../../../src/server/parameters.js';
import { bytes, node, value } from '../../graph/build.js';
import { type RegistryTarget, registryContract, request } from '../contract.js';

const place = process.env.PREDICTABLE_TEST_MSSQL;
if (place === undefined) console.log('no real server: PREDICTABLE_TEST_MSSQL names none, and its tests are skipped');

describe.runIf(place !== undefined)('a real server', async () => {
  const address = parseAddress(place ?? 'mssql://nobody@nowhere/nothing');
  if (address.password !== null) process.env.PREDICTABLE_PASSWORD = address.password;
  const opened: ServerRegistry[] = [];
  const target = place === undefined ? 'sql-server' : await engineOf(formatAddress(address));

  async function open(table = `t_${randomBytes(6).toString('hex')}`): Promise<ServerRegistry> {
    const registry = await openServerRegistry(formatAddress({ ...address, table }));
    if (registry === null) throw new Error('the address names no server');
    opened.push(registry);
    return registry;
  }

  async function fresh(): Promise<ServerRegistry> {
    const registry = await open();
    await registry.initialize();
    return registry;
  }

  afterAll(async () => {
    for (const registry of opened) await tidy(registry);
    for (const registry of opened) await registry.close();
  }, 120_000);

  registryContract('the registry on it', {
    fresh,
    again: async (registry) => open(parseAddress(registry.url).table),
    target,
  });

  test('two clients that make the registry at once both find it ready', async () => {
    const one = await open();
    const other = await open(parseAddress(one.url).table);
    await Promise.all([one.initialize(), other.initialize()]);
    expect(await one.initialize()).toEqual({ changes: [], adopted: [], left: [] });
  });

  test('a model of several megabytes goes there and back', async () => {
    const registry = await fresh();
    const content = randomBytes(5 * 2 ** 20);
    await registry.register(request(content, { target }));
    expect(content.equals((await registry.read({ name: 'iris' })).bytes)).toBe(true);
    expect(await registry.check()).toMatchObject([{ ok: true }]);
  });

  const model = Buffer.from(
    bytes(
      {
        inputs: [value('x', 'double', [1, 1])],
        outputs: [value('y', 'double', [1, 1])],
        nodes: [node('Identity', ['x'], ['y'])],
      },
      { ir: 6, opsets: [{ domain: '', version: 11 }] },
    ),
  );

  test('the quickstart’s table is taken over with its rows, and its own statements still work', async () => {
    const registry = await open();
    const { models } = (await registry.place()).tables;
    const { server } = registry;
    await server.batch(
      `CREATE TABLE ${models} ([id] [int] IDENTITY(1,1) NOT NULL, [data] [varbinary](max) NULL, [description] varchar(1000))`,
    );
    const insert = `INSERT INTO ${models} ([description], [data]) VALUES (@description, @data)`;
    const row = (description: string, data: Uint8Array) => ({
      description: nvarchar(description),
      data: varbinary(data),
    });
    await server.transaction((session) => session.query(insert, row('house price', model)), { repeatable: false });
    await server.transaction((session) => session.query(insert, row('none', Buffer.from('x'))), { repeatable: false });
    const { adopted, left } = await registry.initialize();
    expect(adopted).toMatchObject([{ name: 'model-1', version: 1, description: 'house price' }]);
    expect(left).toMatchObject([{ id: 2 }]);
    const [first] = await server.query(`SELECT data FROM ${models} WHERE id = 1`);
    expect(Buffer.from(first?.data as Buffer).equals(model)).toBe(true);
    await server.transaction((session) => session.query(insert, row('later', model)), { repeatable: false });
    await server.transaction((session) => session.query(insert, row('later still', model)), { repeatable: false });
    expect((await registry.initialize()).adopted.map(({ name }) => name)).toEqual(['model-3', 'model-4']);
  });

  test('Azure Data Studio’s table is taken over with its rows, and takes new ones', async () => {
    const registry = await open();
    const { models } = (await registry.place()).tables;
    await registry.server.batch(
      `CREATE TABLE ${models} ([model_id] int IDENTITY(1,1) NOT NULL, [model_name] varchar(256) NOT NULL,
        [model_framework] varchar(256) NULL, [model_framework_version] varchar(256) NULL, [model] varbinary(max) NOT NULL,
        [model_version] varchar(256) NULL, [model_creation_time] datetime2 NULL, [model_deployment_time] datetime2 NULL,
        [deployed_by] int NULL, [model_description] varchar(256) NULL, [run_id] varchar(256) NULL, PRIMARY KEY ([model_id]))`,
    );
    const insert = `INSERT INTO ${models} ([model_name], [model], [model_description]) VALUES (@name, @data, @description)`;
    const row = { name: nvarchar('house price'), data: varbinary(model), description: nvarchar('linear') };
    await registry.server.transaction((session) => session.query(insert, row), { repeatable: false });
    expect((await registry.initialize()).adopted).toMatchObject([
      { name: 'house price', version: 1, description: 'linear' },
    ]);
    await registry.register(request(model, { name: 'other', target }));
    expect((await registry.list()).map(({ name }) => name)).toEqual(['house price', 'other']);
    const [found] = await registry.server.query(`SELECT id, data, model_name FROM ${models} WHERE model_id = @id`, {
      id: int(1),
    });
    expect(found).toMatchObject({ id: 1, model_name: 'house price' });
  });

  test('scripts do what the methods do, twice as once, and their undo takes it back', async () => {
    const registry = await open();
    const at = await registry.place();
    const run = async (script: string) => {
      for (const batch of script.split(/^GO$/m)) if (batch.trim() !== '') await registry.server.batch(batch);
    };
    const init = initScript(at);
    await run(init.apply);
    await run(init.apply);
    const one = registerScript(at, request(randomBytes(100_000), { alias: 'production', target }));
    const two = registerScript(
      at,
      request('two', { alias: 'production', target, description: 'line\nbreak \\\r\n end' }),
    );
    await run(one.apply);
    await run(one.apply);
    await run(two.apply);
    expect((await registry.versions('iris')).map(({ version, aliases }) => [version, aliases])).toEqual([
      [2, ['production']],
      [1, []],
    ]);
    expect(await registry.resolve({ name: 'iris' })).toMatchObject({ description: 'line\nbreak \\\r\n end' });
    expect(await registry.check()).toMatchObject([{ ok: true }, { ok: true }]);

    const back = await rollbackScriptFor(registry, 'iris', 'production');
    await run(back.apply);
    expect((await registry.resolve({ name: 'iris', alias: 'production' })).version).toBe(1);
    await run(back.undo);
    expect((await registry.resolve({ name: 'iris', alias: 'production' })).version).toBe(2);

    const promotion = promoteScript(at, { name: 'iris', version: 1, alias: 'staging', allowSignatureChange: false });
    await run(promotion.apply);
    await run(promotion.apply);
    expect((await registry.resolve({ name: 'iris', alias: 'staging' })).version).toBe(1);
    await run(promotion.undo);
    await expect(registry.resolve({ name: 'iris', alias: 'staging' })).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
    });

    const removal = await removeScriptFor(registry, 'iris', 1);
    await run(removal.apply);
    expect(await registry.versions('iris')).toHaveLength(1);
    await run(removal.undo);
    expect(await registry.check()).toMatchObject([
      { version: 1, ok: true },
      { version: 2, ok: true },
    ]);

    await expect(run(init.undo)).rejects.toThrow(/has models/);
    await run(two.undo);
    expect((await registry.versions('iris')).map(({ version, aliases }) => [version, aliases])).toEqual([
      [1, ['production']],
    ]);
    await run(one.undo);
    expect(await registry.list()).toEqual([]);
    await run(init.undo);
    const later = await open(parseAddress(registry.url).table);
    await expect(later.list()).rejects.toMatchObject({ code: 'REGISTRY_NOT_INITIALIZED' });
  });

  test('a script that moves an alias to other columns refuses, and changes nothing', async () => {
    const registry = await fresh();
    const at = await registry.place();
    await registry.register(request('one', { alias: 'production', target }));
    const changed = request('two', { alias: 'production', target, signature: { inputs: [], outputs: [] } });
    await expect(
      (async () => {
        for (const batch of registerScript(at, changed).apply.split(/^GO$/m)) await registry.server.batch(batch);
      })(),
    ).rejects.toThrow(/SIGNATURE_CHANGED/);
    expect(await registry.versions('iris')).toHaveLength(1);
  });

  test('roles can be made, and made again', async () => {
    const registry = await fresh();
    const script = rolesScript(await registry.place());
    // Not every engine that speaks T-SQL knows DENY.
    const known = (await registry.facts()).title.startsWith('Babelfish')
      ? script.replaceAll(/^ *DENY .*$/gm, '')
      : script;
    for (let round = 0; round < 2; round++) await registry.server.batch(known);
  });
});

async function engineOf(url: string): Promise<RegistryTarget> {
  const registry = new MssqlRegistry(await openServer(url));
  const { target } = await registry.facts();
  await registry.close();
  return target;
}

/** What the undo of init takes away, the models first. */
async function tidy(registry: ServerRegistry): Promise<void> {
  const { tables } = await registry.place();
  await registry.server.batch(`IF OBJECT_ID(N'${tables.models}') IS NOT NULL DROP TABLE ${tables.models};`);
  await registry.server.batch(initScript(await registry.place()).undo);
}
