/** What a client asks, decoded. */

import type { TdsError } from './tokens.js';
import type { SqlType } from './types.js';
import type { TdsValue } from './values.js';

export interface TdsRequest {
  kind: 'batch' | 'rpc' | 'begin' | 'commit' | 'rollback';
  /** The SQL, whichever way it came; else the procedure's or the transaction's name. */
  text: string;
  /** `sp_executesql`, `sp_prepare`, `sp_execute` and so on, or the name of the procedure called; null if none was. */
  procedure: string | null;
  /** By name, without `@`. */
  parameters: Record<string, TdsValue>;
  /** As declared, such as `nvarchar(128)`. */
  types: Record<string, string>;
  /** The isolation level of a `begin`. */
  isolation?: string;
}

/** A request, and what answering it takes. */
export interface Decoded {
  request: TdsRequest;
  outputs: Output[];
  /** The transaction that the client takes itself to be in. */
  transaction: Buffer;
  /** The fixture answers it itself, instead of calling back. */
  own?: boolean;
  refused?: TdsError;
}

/** A parameter that the answer may give a value back in. */
export interface Output {
  ordinal: number;
  name: string;
  type: SqlType;
  /** Known already: the handle of a prepared statement. */
  value?: TdsValue;
}
