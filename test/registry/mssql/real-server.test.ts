/** The contract on a real server, where PREDICTABLE_TEST_MSSQL names one, e.g. `mssql://user:password@host/database`. */

import { randomBytes } from 'node:crypto';
import { afterAll, describe, expect, test } from 'vitest';
import { MssqlRegistry } from '../../../src/registry/mssql/registry.js';
import { initScript } from '../../../src/registry/mssql/scripts/init.js';
import { openServerRegistry } from '../../../src/registry/open.js';
import { formatAddress, parseAddress } from '../../../src/server/address.js';
import { openServer } from '../../../src/server/open.js';
import { type RegistryTarget, registryContract } from '../contract.js';

const place = process.env.PREDICTABLE_TEST_MSSQL;

describe.runIf(place !== undefined)('a real server', async () => {
  const address = parseAddress(place ?? 'mssql://nobody@nowhere/nothing');
  if (address.password !== null) process.env.PREDICTABLE_PASSWORD = address.password;
  const opened: MssqlRegistry[] = [];
  const target = place === undefined ? 'sql-server' : await engineOf(formatAddress(address));

  async function open(table: string): Promise<MssqlRegistry> {
    const registry = await openServerRegistry(formatAddress({ ...address, table }));
    if (registry === null) throw new Error('the address names no server');
    opened.push(registry);
    return registry;
  }

  afterAll(async () => {
    // Of each table once: what its undo script takes away, the models first.
    for (const registry of opened) await tidy(registry);
    for (const registry of opened) await registry.close();
  }, 120_000);

  registryContract('the registry on it', {
    fresh: async () => {
      const registry = await open(`t_${randomBytes(6).toString('hex')}`);
      await registry.initialize();
      return registry;
    },
    again: async (registry) => open(parseAddress(registry.url).table),
    target,
  });

  test('says which engine it is', async () => {
    const registry = await open(`t_${randomBytes(6).toString('hex')}`);
    expect(await registry.engine()).toBe(target);
  });
});

async function engineOf(url: string): Promise<RegistryTarget> {
  const server = await openServer(url);
  const registry = new MssqlRegistry(server);
  const { target } = await registry.facts();
  await registry.close();
  return target;
}

async function tidy(registry: MssqlRegistry): Promise<void> {
  const place = await registry.place();
  await registry.server.batch(
    `IF OBJECT_ID(N'${place.tables.models}') IS NOT NULL DELETE FROM ${place.tables.models};`,
  );
  await registry.server.batch(initScript(place).undo);
}
