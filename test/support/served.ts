/** A model in the registry of a scripted server, beside a table that it scores; the server goes after the test. */

import { afterEach } from 'vitest';
import type { MssqlRegistry } from '../../src/registry/mssql/registry.js';
import type { Model } from '../../src/score/here/predict-rows.js';
import type { Verification } from '../../src/verify/verification.js';
import { type ScriptedServer, startScripted } from '../registry/mssql/scripted/server.js';
import { type ServedTable, serve } from '../score/served-table.js';

const VERIFICATION: Verification = {
  status: 'passed',
  rows: 1,
  rowsSource: 'sample',
  reference: 'native',
  runtimes: ['1.30.0'],
  runtimesNotChecked: [],
  maxAbsDiff: 0,
  maxRelDiff: 0,
  labelMismatches: 0,
  rtol: 1e-4,
  atol: 1e-5,
  rounding: { rowsChanged: 0, maxAbsDiff: 0, columns: [] },
};

/** The model is called m. */
async function serverWith(
  table: ServedTable,
  model: Model,
): Promise<{ server: ScriptedServer; registry: MssqlRegistry }> {
  const server = await startScripted({ further: serve(table) });
  const registry = server.registry();
  await registry.initialize();
  await registry.register({
    name: 'm',
    ...model,
    target: 'sql-edge',
    verification: VERIFICATION,
    provenance: {},
    description: null,
    alias: null,
    allowUnverified: false,
    allowSignatureChange: false,
  });
  return { server, registry };
}

export interface Served {
  /** The registry of a server that has this table and the model m; one for each test. */
  start: (table: ServedTable, model: Model) => Promise<MssqlRegistry>;
  /** Of the last start. */
  readonly server: ScriptedServer;
}

/** For the tests of the file that asks for it. */
export function served(): Served {
  let server: ScriptedServer | null = null;
  afterEach(async () => {
    await server?.close();
    server = null;
  });
  return {
    start: async (table, model) => {
      const started = await serverWith(table, model);
      server = started.server;
      return started.registry;
    },
    get server() {
      if (server === null) throw new Error('no server was started');
      return server;
    },
  };
}
