/** A registry on a server that knows some tables and notes what is sent to it: the statements are not carried out. */

import { OBJECT_STATEMENT } from '../../src/deploy/apply.js';
import type { ModelVersion, Registry, ServerRegistry } from '../../src/registry/registry.js';
import type { Row } from '../../src/server/connection.js';
import { quoteName } from '../../src/server/names.js';
import type { Parameters } from '../../src/server/parameters.js';
import { type TableShape, tableStatements } from '../../src/server/table.js';
import type { Signature } from '../../src/signature.js';
import { TARGETS, type TargetId } from '../../src/targets/targets.js';

export class FakeServer {
  readonly place = 'edge.plant.example/ml';
  readonly address = { schema: 'ml', table: 'models' };
  readonly batches: string[] = [];
  /** Definitions of objects that are there, by their quoted names. */
  readonly definitions = new Map<string, string | null>();

  constructor(readonly tables: TableShape[] = []) {}

  async query(text: string, parameters: Parameters = {}): Promise<Row[]> {
    if (text === OBJECT_STATEMENT) {
      const definition = this.definitions.get(String(parameters.name?.value));
      return [{ id: definition === undefined ? null : 1, definition }];
    }
    const statements = tableStatements([]);
    const { schema = null, table = null } = Object.fromEntries(
      Object.entries(parameters).map(([key, { value }]) => [key, value === null ? null : String(value)]),
    );
    if (text === statements.names) {
      const there = this.tables.filter(({ parts }) => parts.at(-2) === (schema ?? 'dbo'));
      return there.map(({ parts }) => ({ name: parts.at(-1) }));
    }
    const found = this.tables.find(({ parts }) =>
      [quoteName(parts), quoteName(parts.slice(-1))].some((name) => name.toLowerCase() === table?.toLowerCase()),
    );
    if (found === undefined) return [];
    if (text === statements.object) {
      return [{ schema: found.parts.at(-2), name: found.parts.at(-1), type: found.kind === 'view' ? 'V ' : 'U ' }];
    }
    if (text === statements.columns) return found.columns.map((column) => ({ ...column, base: column.type }));
    if (text === statements.primaryKey) return found.primaryKey.map((name) => ({ name }));
    throw new Error(`the fake server knows no ${text}`);
  }

  async batch(text: string): Promise<Row[]> {
    this.batches.push(text);
    return [];
  }
}

/** With one model, which is its version 3 and its production. */
export function fakeRegistry(
  signature: Signature,
  { server, engine, target = 'sql-edge' }: { server?: FakeServer; engine: TargetId; target?: TargetId },
): Registry {
  const version: ModelVersion = {
    name: 'churn',
    version: 3,
    sha256: 'ab'.repeat(32),
    bytes: 1000,
    target,
    description: null,
    signature,
    verification: null,
    provenance: {},
    created: '2026-01-01T00:00:00.000Z',
    createdBy: null,
    aliases: ['production'],
  };
  const registry: Partial<Registry> & Partial<Pick<ServerRegistry, 'facts'>> & { server?: FakeServer } = {
    engine: async () => engine,
    facts: async () => ({
      title: TARGETS[engine].title,
      version: '1',
      target: engine === 'embedded' ? 'sql-edge' : engine,
      documented: true,
    }),
    resolve: async () => version,
    onServer: () => (server === undefined ? null : (registry as unknown as ServerRegistry)),
    ...(server === undefined ? {} : { server }),
  };
  return registry as Registry;
}
