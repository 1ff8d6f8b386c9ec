/** A connection that is cut at every request of every change, and within what is sent: all of the change is there, or nothing. */

import { expect, test } from 'vitest';
import type { MssqlRegistry } from '../../../src/registry/mssql/registry.js';
import { cuts, fewOrMany } from '../../support/counts.js';
import type { Fault } from '../../support/tds/faults.js';
import { request } from '../contract.js';
import { type ScriptedServer, startScripted } from './scripted/server.js';

/** Each on a registry that has two versions of iris, the second in production since a moment. */
const CHANGES: Record<string, (registry: MssqlRegistry) => Promise<unknown>> = {
  register: (registry) => registry.register(request('three', { alias: 'production' })),
  promote: (registry) => registry.promote('iris', 1, { alias: 'production', allowSignatureChange: true }),
  rollback: (registry) => registry.rollback('iris', 'production'),
  remove: (registry) => registry.remove('iris', 1),
};
const ROUNDS = fewOrMany(1, 3);
/** Carried out and not answered; not carried out either; and an answer that ends after so many bytes. */
const EFFECTS = [
  { after: 'answer-callback' },
  {},
  ...Array.from({ length: 12 }, (_, at) => ({ afterBytesSent: 1 + at * 7 })),
].slice(0, fewOrMany(1, 14));
/** Where the bytes of a large model are cut. */
const SENT = cuts(fewOrMany(2, 40));

test.each(Object.entries(CHANGES))(
  '%s, cut once at any request, is all there or not at all',
  async (_, change) => {
    const { before, after, requests } = await whole(change);
    expect(requests).toBeGreaterThan(3);
    expect(after).not.toEqual(before);
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const effect of EFFECTS) {
        for (let index = 0; index < requests; index += 1) {
          await prepared(async (server, registry) => {
            let seen = -1;
            const fault = { when: () => ++seen === index, do: 'drop', ...effect } as Fault;
            void server.tds.fault(fault);
            const error = await change(registry).then(
              () => null,
              (thrown: unknown) => thrown,
            );
            const place = `request ${index}, ${JSON.stringify(effect)}`;
            if (error === null) expect(rowsOf(server), place).toEqual(after);
            else {
              expect(error, place).toMatchObject({ code: 'REGISTRY_UNREACHABLE' });
              expect([before, after], place).toContainEqual(rowsOf(server));
            }
          });
        }
      }
    }
  },
  3_600_000,
);

test('a large model, cut anywhere in its bytes each time that it is sent, is not there', async () => {
  const bytes = new Uint8Array(2 ** 20).fill(7);
  for (const share of SENT) {
    await prepared(async (server, registry) => {
      const before = rowsOf(server);
      const afterBytesReceived = Math.floor(bytes.length * share);
      void server.tds.fault({ when: 'message', do: 'drop', afterBytesReceived, times: 5 });
      await expect(registry.register(request(bytes))).rejects.toMatchObject({ code: 'REGISTRY_UNREACHABLE' });
      expect(rowsOf(server), `${afterBytesReceived} bytes`).toEqual(before);
    });
  }
}, 3_600_000);

/** What the change makes of the tables when nothing goes wrong, and how many requests that takes. */
async function whole(change: (registry: MssqlRegistry) => Promise<unknown>) {
  return prepared(async (server, registry) => {
    const before = rowsOf(server);
    const asked = server.tds.requests.length;
    await change(registry);
    return { before, after: rowsOf(server), requests: server.tds.requests.length - asked };
  });
}

async function prepared<T>(use: (server: ScriptedServer, registry: MssqlRegistry) => Promise<T>): Promise<T> {
  const server = await startScripted();
  try {
    const registry = server.registry();
    await registry.initialize();
    await registry.register(request('one', { alias: 'production' }));
    await registry.register(request('two', { alias: 'production' }));
    return await use(server, registry);
  } finally {
    await server.close();
  }
}

/** What a change can change, without times. */
function rowsOf(server: ScriptedServer) {
  const { models, aliases, events, dictionaries, names } = server.state();
  return {
    models: models.map(({ name, version, sha256 }) => ({ name, version, sha256 })),
    aliases: aliases.map(({ name, alias, version }) => ({ name, alias, version })),
    events: events.length,
    dictionaries: dictionaries.length,
    names,
  };
}
