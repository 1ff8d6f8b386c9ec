/** What the scripted server remembers: rows as plain data, and one transaction at a time, which is whole or undone. */

export interface Model {
  id: number;
  data: Buffer | null;
  description: string | null;
  name: string | null;
  version: number | null;
  sha256: string | null;
  bytes: bigint | null;
  target: string | null;
  full_description: string | null;
  signature: string | null;
  verification: string | null;
  provenance: string | null;
  interface_sha256: string | null;
  binding_sha256: string | null;
  created_at: Date | null;
  created_by: string | null;
  /** Of Azure Data Studio's table. */
  model_name?: string;
}

export interface State {
  /** The kind of table that is there: none, the quickstart's, Azure Data Studio's, another one; or the registry's own. */
  table: 'none' | 'quickstart' | 'studio' | 'foreign' | 'ours';
  /** Titles of the batches that were run. */
  tables: string[];
  versions: number[];
  names: Map<string, number>;
  models: Model[];
  aliases: { name: string; alias: string; version: number }[];
  events: {
    name: string;
    alias: string;
    version: number | null;
    previous: number | null;
    action: string;
    at: Date;
    by: string;
  }[];
  dictionaries: { model_id: number; kind: string; column_name: string; code: number; value: string }[];
  nextId: number;
}

export function emptyState(): State {
  return {
    table: 'none',
    tables: [],
    versions: [],
    names: new Map(),
    models: [],
    aliases: [],
    events: [],
    dictionaries: [],
    nextId: 1,
  };
}

export class Memory {
  state = emptyState();
  #holder: number | null = null;
  #before: State | null = null;
  #waiting: (() => void)[] = [];

  /** Waits until no other connection is in a transaction. */
  async begin(session: number): Promise<void> {
    while (this.#holder !== null) await new Promise<void>((resume) => this.#waiting.push(resume));
    this.#holder = session;
    this.#before = copy(this.state);
  }

  commit(session: number): void {
    if (this.#holder === session) this.#release();
  }

  /** Of a connection that was cut, too. */
  rollback(session: number): void {
    if (this.#holder !== session || this.#before === null) return;
    this.state = this.#before;
    this.#release();
  }

  #release(): void {
    this.#holder = null;
    this.#before = null;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resume of waiting) resume();
  }
}

/** Bytes are never changed in place, so that a copy may share them. */
function copy(state: State): State {
  const rows = <T extends object>(items: T[]): T[] => items.map((item) => ({ ...item }));
  return {
    ...state,
    tables: [...state.tables],
    versions: [...state.versions],
    names: new Map(state.names),
    models: rows(state.models),
    aliases: rows(state.aliases),
    events: rows(state.events),
    dictionaries: rows(state.dictionaries),
  };
}
