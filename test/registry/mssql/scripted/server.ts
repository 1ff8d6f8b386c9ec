/** A server on loopback that answers the registry's statements, for the real driver, and misbehaves when it is told to. */

import { MssqlRegistry } from '../../../../src/registry/mssql/registry.js';
import { parseAddress, type ServerAddress } from '../../../../src/server/address.js';
import { Server } from '../../../../src/server/connection.js';
import { DIALECTS } from '../../../../src/sql/dialect.js';
import { type StatementPlace, tablesOf } from '../../../../src/sql/registry-tables.js';
import type { TdsAnswer } from '../../../support/tds/answer.js';
import type { TdsServerOptions } from '../../../support/tds/options.js';
import type { TdsRequest } from '../../../support/tds/request.js';
import { startTdsServer, type TdsServer } from '../../../support/tds/server.js';
import { answers, type Engine } from './answers.js';
import { Memory, type State } from './state.js';

export const EDGE: Engine = {
  edition: 9,
  version: '16.0.5100.7245',
  banner: 'Microsoft Azure SQL Edge Developer (RTM) - 16.0.5100.7245 (X64)',
};

export interface ScriptedServer {
  tds: TdsServer;
  memory: Memory;
  state(): State;
  registry(changes?: Partial<ServerAddress>): MssqlRegistry;
  close(): Promise<void>;
}

export interface ScriptedOptions extends Partial<Omit<TdsServerOptions, 'answer'>> {
  engine?: Engine;
  /** Answers to what is not the registry's; null for none. */
  further?: (request: TdsRequest) => TdsAnswer | null | Promise<TdsAnswer | null>;
}

export async function startScripted({
  engine = EDGE,
  further = () => null,
  ...options
}: ScriptedOptions = {}): Promise<ScriptedServer> {
  const place: StatementPlace = { tables: tablesOf('dbo', 'models'), dialect: DIALECTS['sql-edge'] };
  const known = answers(place, engine);
  const memory = new Memory();
  const opened: MssqlRegistry[] = [];
  const tds = await startTdsServer({
    ...options,
    async answer(request, session) {
      if (request.kind === 'begin') await memory.begin(session.id);
      if (request.kind === 'commit') memory.commit(session.id);
      if (request.kind === 'rollback') memory.rollback(session.id);
      if (request.kind !== 'batch' && request.kind !== 'rpc') return {};
      const answer = known.get(request.text);
      if (answer !== undefined) return answer(request.parameters, memory.state, session.login.user);
      const other = await further(request);
      if (other === null) throw new Error(`no answer is scripted for:\n${request.text}`);
      return other;
    },
    onDisconnect: (session) => memory.rollback(session.id),
  });
  const address = parseAddress(
    `mssql://ml@127.0.0.1:${tds.port}/plant?encrypt=false&connectTimeout=5&requestTimeout=20`,
  );
  return {
    tds,
    memory,
    state: () => memory.state,
    registry(changes = {}) {
      const registry = new MssqlRegistry(new Server({ ...address, ...changes }, { password: 'hunter22', token: null }));
      opened.push(registry);
      return registry;
    },
    async close() {
      for (const registry of opened) await registry.close();
      await tds.close();
    },
  };
}
