/** What the engines of the family say differently. What all of them have is written once, where it is used. */

import { DEFAULT_TARGET, type TargetId } from '../targets/targets.js';

export interface Dialect {
  target: Exclude<TargetId, 'embedded'>;
  /** Who is logged in, as an expression. */
  login: string;
  /** Behind the columns of a CREATE TABLE, for a table with large values. */
  heap: string;
  /** Whether CREATE and ALTER may stand inside a transaction. */
  transactionalDdl: boolean;
  /** Whether keys are enforced; Synapse takes them only as NOT ENFORCED. */
  keys: boolean;
  /** Whether PREDICT takes its model from a subquery, so that a view may hold it. */
  predictInView: boolean;
  /** Whether INSERT may follow a WITH; else its rows go through a temporary table. */
  cteBeforeInsert: boolean;
}

const SQL_SERVER = {
  login: 'ORIGINAL_LOGIN()',
  heap: '',
  transactionalDdl: true,
  keys: true,
  predictInView: false,
  cteBeforeInsert: true,
} as const;

export const DIALECTS: Record<Dialect['target'], Dialect> = {
  'sql-edge': { target: 'sql-edge', ...SQL_SERVER },
  'sql-edge-1': { target: 'sql-edge-1', ...SQL_SERVER },
  'sql-server': { target: 'sql-server', ...SQL_SERVER },
  // From the vendor's pages on tables, transactions, common table expressions and PREDICT in dedicated SQL pools; never run here.
  synapse: {
    target: 'synapse',
    login: 'SYSTEM_USER',
    // varbinary(max) and nvarchar(max) have no place in a columnstore, the default.
    heap: ' WITH (HEAP, DISTRIBUTION = ROUND_ROBIN)',
    transactionalDdl: false,
    keys: false,
    predictInView: true,
    cteBeforeInsert: false,
  },
};

/** Where nobody says another: the default target's. */
export const DEFAULT_DIALECT = DIALECTS[DEFAULT_TARGET];
