/** What the server remembers of one connection: its transaction and its prepared statements. */

import type { LoginRecord } from './login.js';
import { environment } from './tokens.js';

/** What the callbacks see of a connection. */
export interface Session {
  readonly id: number;
  readonly login: LoginRecord;
  readonly database: string;
  readonly inTransaction: boolean;
  /** Aborted when the connection ends, whoever ended it. */
  readonly signal: AbortSignal;
}

export interface Prepared {
  text: string;
  declarations: string;
}

export const NO_TRANSACTION = Buffer.alloc(8);

export class SessionState implements Session {
  readonly prepared = new Map<number, Prepared>();
  database: string;
  #transaction = NO_TRANSACTION;
  #transactions = 0n;
  #handles = 0;

  constructor(
    readonly id: number,
    readonly login: LoginRecord,
    readonly signal: AbortSignal,
  ) {
    this.database = login.database === '' ? 'master' : login.database;
  }

  get inTransaction(): boolean {
    return this.#transaction !== NO_TRANSACTION;
  }

  get transaction(): Buffer {
    return this.#transaction;
  }

  prepare(statement: Prepared): number {
    this.#handles += 1;
    this.prepared.set(this.#handles, statement);
    return this.#handles;
  }

  /** Each change of the transaction gives the token that tells the driver of it. */
  begin(): Buffer {
    this.#transactions += 1n;
    this.#transaction = Buffer.alloc(8);
    this.#transaction.writeBigUInt64LE((BigInt(this.id) << 32n) + this.#transactions);
    return environment.begun(this.#transaction);
  }

  commit(): Buffer {
    return environment.committed(this.#ended());
  }

  rollback(): Buffer {
    return environment.rolledBack(this.#ended());
  }

  use(database: string): Buffer {
    const before = this.database;
    this.database = database;
    return environment.database(database, before);
  }

  #ended(): Buffer {
    const ended = this.#transaction;
    this.#transaction = NO_TRANSACTION;
    return ended;
  }
}
