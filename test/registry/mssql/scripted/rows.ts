/** Rows as an engine answers them. */

import type { ResultSet, TdsAnswer } from '../../../support/tds/answer.js';
import type { ColumnType } from '../../../support/tds/types.js';
import type { TdsValue } from '../../../support/tds/values.js';
import type { State } from './state.js';

export type Parameters = Record<string, TdsValue>;
export type Answer = (parameters: Parameters, state: State, login: string) => TdsAnswer;

export function rows(columns: Record<string, string>, items: object[]): TdsAnswer {
  const names = Object.keys(columns);
  const set: ResultSet = {
    columns: names.map((name) => ({ name, type: columns[name] as ColumnType })),
    rows: items.map((item) => names.map((name) => (item as Record<string, TdsValue>)[name] ?? null)),
  };
  return { sets: [set] };
}
