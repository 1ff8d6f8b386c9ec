/** What a script, a procedure or a view that scores is written from. */

import type { TableShape } from '../server/table.js';
import type { Signature } from '../signature.js';
import type { Bound } from './bind.js';
import type { Dialect } from './dialect.js';

export interface PredictOptions {
  name: string;
  version: number;
  /** Of the model's bytes, 64 hexadecimal digits. */
  sha256: string;
  signature: Signature;
  /** The table or view with the rows, as T-SQL writes it. */
  data?: string | undefined;
  /** Columns of it that go into the result; by default the primary key, or id, of a `table` that is given, else none. */
  keys?: readonly string[] | undefined;
  /** Further columns of it that come out as they are, behind the keys. */
  passThrough?: readonly string[] | undefined;
  /** Column of the data → input of the model, where their names differ. */
  map?: Record<string, string> | undefined;
  /** The registry's table on the server, as T-SQL writes it; its other tables are beside it. */
  modelsTable?: string | undefined;
  /** A table that keeps the predictions, as T-SQL writes it; without it they come back as rows. */
  into?: string | undefined;
  /** The data as the server describes it (describeTable): names and types are then held against it. */
  table?: TableShape | null | undefined;
  /** The columns, where they are bound already: then data, keys, passThrough, map and table say nothing more. */
  bound?: Bound | undefined;
  /** Decimal and money among the keys and passed columns come as text where a driver's double would lose digits. */
  exactly?: boolean | undefined;
  /** By default that of SQL Edge. */
  dialect?: Dialect | undefined;
}
