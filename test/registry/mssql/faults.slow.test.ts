/** What a server and a network can do to the registry: each time all or nothing is there, and a typed error says what happened. */

import { afterEach, describe, expect, test } from 'vitest';
import { contentStatements } from '../../../src/registry/mssql/contents.js';
import type { MssqlRegistry } from '../../../src/registry/mssql/registry.js';
import { DIALECTS } from '../../../src/sql/dialect.js';
import { tablesOf } from '../../../src/sql/registry-tables.js';
import { certificate } from '../../support/tds/certificate.js';
import type { Fault } from '../../support/tds/faults.js';
import { request } from '../contract.js';
import { type ScriptedServer, startScripted } from './scripted/server.js';

const statements = contentStatements({ tables: tablesOf('dbo', 'models'), dialect: DIALECTS['sql-edge'] });

const servers: ScriptedServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function start(options: Parameters<typeof startScripted>[0] = {}): Promise<ScriptedServer> {
  const server = await startScripted(options);
  servers.push(server);
  return server;
}

async function ready(): Promise<{ server: ScriptedServer; registry: MssqlRegistry }> {
  const server = await start();
  const registry = server.registry();
  await registry.initialize();
  return { server, registry };
}

/** What is in the tables, as a DBA would count it. */
function counts({ state }: ScriptedServer): Record<string, number> {
  const { models, aliases, events, dictionaries } = state();
  return { models: models.length, aliases: aliases.length, events: events.length, dictionaries: dictionaries.length };
}

const NOTHING = { models: 0, aliases: 0, events: 0, dictionaries: 0 };
const ONE = { models: 1, aliases: 1, events: 1, dictionaries: 4 };

describe('a connection that is cut', () => {
  /** Every request of one registration, in order: the begin, each statement, the commit. */
  async function steps(): Promise<string[]> {
    const { server, registry } = await ready();
    const before = server.tds.requests.length;
    await registry.register(request('one', { alias: 'production' }));
    return server.tds.requests.slice(before).map(({ kind, text }) => (kind === 'rpc' ? text : kind));
  }

  test('at any step, before it is carried out or after, once: the registration is done again, and is there once', async () => {
    const all = await steps();
    expect(all.length).toBeGreaterThan(8);
    for (const after of [undefined, 'answer-callback'] as const) {
      for (const [index] of all.entries()) {
        const { server, registry } = await ready();
        let seen = -1;
        const struck = server.tds.fault({
          when: () => ++seen === index,
          do: 'drop',
          ...(after === undefined ? {} : { after }),
        } as Fault);
        const { version } = await registry.register(request('one', { alias: 'production' }));
        await struck;
        expect(version).toMatchObject({ version: 1, aliases: ['production'] });
        expect(counts(server), `${all[index]} ${after}`).toEqual(ONE);
        expect(server.state().names).toEqual(new Map([['iris', 1]]));
      }
    }
  });

  test('again and again: REGISTRY_UNREACHABLE, and nothing is there', async () => {
    const { server, registry } = await ready();
    void server.tds.fault({ when: ({ text }) => text === statements.insert, do: 'drop', times: 5 });
    await expect(registry.register(request('one', { alias: 'production' }))).rejects.toMatchObject({
      code: 'REGISTRY_UNREACHABLE',
      message: expect.stringContaining('127.0.0.1/plant'),
    });
    expect(counts(server)).toEqual(NOTHING);
  });

  test('in the middle of a model’s bytes: nothing of it is there', async () => {
    const { server, registry } = await ready();
    const bytes = new Uint8Array(3 * 2 ** 20).fill(7);
    void server.tds.fault({ when: 'message', do: 'drop', afterBytesReceived: 2 ** 20, times: 5 });
    await expect(registry.register(request(bytes))).rejects.toMatchObject({ code: 'REGISTRY_UNREACHABLE' });
    expect(counts(server)).toEqual(NOTHING);
    const { version } = await registry.register(request(bytes));
    expect(version).toMatchObject({ version: 1, bytes: bytes.length });
  });

  test('while a rollback is committed: it is not done twice, and the error says to look', async () => {
    const { server, registry } = await ready();
    for (const content of ['one', 'two', 'three']) {
      await registry.register(request(content, { alias: 'production' }));
    }
    void server.tds.fault({ when: ({ kind }) => kind === 'commit', do: 'drop', after: 'answer-callback' });
    await expect(registry.rollback('iris', 'production')).rejects.toMatchObject({
      code: 'REGISTRY_UNREACHABLE',
      hint: expect.stringContaining('predictable history'),
    });
    expect(server.state().aliases).toMatchObject([{ version: 2 }]);
    expect((await registry.history('iris'))[0]).toMatchObject({ action: 'rollback', version: 2, previous: 3 });
  });

  test('in the middle of the bytes that are read: they are read again', async () => {
    const { server, registry } = await ready();
    const bytes = new Uint8Array(2 ** 20).fill(7);
    await registry.register(request(bytes));
    const struck = server.tds.fault({
      when: ({ text }) => text === statements.data,
      do: 'drop',
      afterBytesSent: 500_000,
    });
    expect(Buffer.from((await registry.read({ name: 'iris' })).bytes).equals(bytes)).toBe(true);
    await struck;
  });
});

describe('an error of the server', () => {
  test('a deadlock in the middle of a transaction: it is done again', async () => {
    const { server, registry } = await ready();
    const error = { number: 1205, message: 'Transaction was deadlocked and has been chosen as the deadlock victim.' };
    const struck = server.tds.fault({
      when: ({ text }) => text === statements.insert,
      do: 'error',
      error,
      dropTransaction: true,
    });
    await registry.register(request('one', { alias: 'production' }));
    await struck;
    expect(counts(server)).toEqual(ONE);
  });

  test('a deadlock each time: an error that says so, and nothing is there', async () => {
    const { server, registry } = await ready();
    void server.tds.fault({
      when: ({ text }) => text === statements.insert,
      do: 'error',
      error: { number: 1205, message: 'deadlock victim' },
      dropTransaction: true,
      times: 5,
    });
    await expect(registry.register(request('one'))).rejects.toMatchObject({ code: 'REGISTRY_LOCKED' });
    expect(counts(server)).toEqual(NOTHING);
  });

  test.each([
    [229, 'The INSERT permission was denied on the object', 'PERMISSION_DENIED'],
    [33557097, 'permission denied for table models', 'PERMISSION_DENIED'],
    [9002, 'The transaction log for database plant is full', 'DISK_FULL'],
    [8152, 'String or binary data would be truncated.', 'SERVER_ERROR'],
  ])('%i %s is %s, once, and nothing is there', async (number, message, code) => {
    const { server, registry } = await ready();
    void server.tds.fault({ when: ({ text }) => text === statements.insert, do: 'error', error: { number, message } });
    await expect(registry.register(request('one', { alias: 'production' }))).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
      details: { number },
    });
    expect(counts(server)).toEqual(NOTHING);
  });

  test('bytes that arrived otherwise than they were sent are refused', async () => {
    const { server, registry } = await ready();
    const original = Buffer.from('two');
    const memory = server.memory;
    await registry.register(request('one'));
    const stored = memory.state.models[0];
    if (stored === undefined) throw new Error('nothing was stored');
    stored.data = original;
    expect(await registry.check()).toMatchObject([{ ok: false, message: expect.stringContaining('iris@1') }]);
    await expect(registry.read({ name: 'iris' })).rejects.toMatchObject({ code: 'CHECKSUM_MISMATCH' });
  });
});

describe('a server that is slow, or not there', () => {
  test('no answer within the time is an error, and nothing is there', async () => {
    const { server } = await ready();
    const registry = server.registry({ requestTimeout: 200 });
    void server.tds.fault({ when: ({ text }) => text === statements.insert, do: 'stall' });
    await expect(registry.register(request('one'))).rejects.toMatchObject({
      code: 'REGISTRY_UNREACHABLE',
      hint: expect.stringContaining('requestTimeout'),
    });
    expect(counts(server)).toEqual(NOTHING);
  });

  test('a slow trickle is waited for', async () => {
    const { server, registry } = await ready();
    await registry.register(request('one'));
    const struck = server.tds.fault({
      when: ({ text }) => text === statements.data,
      do: 'trickle',
      bytes: 16,
      everyMilliseconds: 1,
    });
    expect(Buffer.from((await registry.read({ name: 'iris' })).bytes).toString()).toBe('one');
    await struck;
  });

  test('a server that never answers the login', async () => {
    const server = await start();
    void server.tds.fault({ when: 'login', do: 'stall' });
    const registry = server.registry({ connectTimeout: 200 });
    await expect(registry.list()).rejects.toMatchObject({ code: 'REGISTRY_UNREACHABLE' });
  });

  test('nobody at the port', async () => {
    const server = await start();
    const registry = server.registry();
    await server.tds.close();
    await expect(registry.list()).rejects.toMatchObject({
      code: 'REGISTRY_UNREACHABLE',
      message: expect.stringContaining('127.0.0.1/plant'),
    });
  });
});

describe('a login', () => {
  test('that is refused is LOGIN_FAILED, and the password is nowhere', async () => {
    const server = await start({ login: () => ({ number: 18456, message: "Login failed for user 'ml'.", class: 14 }) });
    const error = await server
      .registry()
      .list()
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'LOGIN_FAILED', message: expect.stringContaining("'ml'") });
    expect(JSON.stringify(error) + String((error as Error).stack)).not.toContain('hunter22');
  });

  test('says who we are, and sends the password once only where there is encryption', async () => {
    const server = await start({ tls: 'on', certificate });
    const registry = server.registry({ encrypt: true, trustServerCertificate: true });
    await registry.initialize();
    expect(server.tds.logins[0]).toMatchObject({
      user: 'ml',
      password: 'hunter22',
      database: 'plant',
      appName: expect.stringMatching(/^predictable \d/),
      encrypted: true,
    });
    expect(registry.url).not.toContain('hunter22');
  });

  test('is not sent to a server that says it has no encryption', async () => {
    const server = await start({ tls: 'off' });
    const registry = server.registry({ encrypt: true, trustServerCertificate: true });
    await expect(registry.list()).rejects.toMatchObject({
      code: 'REGISTRY_UNREACHABLE',
      message: expect.stringContaining('no encryption'),
    });
    expect(server.tds.logins).toEqual([]);
  });

  test('is not sent to a server whose certificate nobody vouches for', async () => {
    const server = await start({ tls: 'on', certificate });
    await expect(server.registry({ encrypt: true, host: 'localhost' }).list()).rejects.toMatchObject({
      code: 'REGISTRY_UNREACHABLE',
      hint: expect.stringContaining('?ca=FILE'),
    });
    expect(server.tds.logins).toEqual([]);
  });
});
