/** A table for the scripted server: how it is described, its rows, and predictions for them as PREDICT would give them. */

import { probeStatement } from '../../src/server/predict-probe.js';
import { tableStatements } from '../../src/server/table.js';
import type { Signature } from '../../src/signature.js';
import { TARGETS } from '../../src/targets/targets.js';
import type { TdsAnswer } from '../support/tds/answer.js';
import type { TdsRequest } from '../support/tds/request.js';
import type { TdsError } from '../support/tds/tokens.js';
import { type ColumnType, parseType } from '../support/tds/types.js';
import type { TdsValue } from '../support/tds/values.js';

export interface ServedTable {
  columns: Record<string, ColumnType>;
  /** Values as the fixture takes them; of decimals, dates with seven digits and the like as T-SQL spells them. */
  rows: TdsValue[][] | (() => AsyncIterable<TdsValue[]>);
  primaryKey?: string[];
  /** One array a row, in the order of the signature; labels as text. */
  predictions?: { signature: Signature; rows: TdsValue[][] };
  /** What the server says of PREDICT; without it, PREDICT works. */
  withoutPredict?: TdsError;
}

export const PARTS = ['dbo', 'features'] as const;

/** Answers everything about `dbo.features`, and the probe of PREDICT. */
export function serve(table: ServedTable): (request: TdsRequest) => TdsAnswer | null {
  const statements = tableStatements(PARTS);
  return ({ text, parameters }) => {
    const known = parameters.table === '[dbo].[features]';
    if (text === statements.object)
      return set({ schema: 'sysname', name: 'sysname', type: 'char(2)' }, known ? [['dbo', 'features', 'U ']] : []);
    if (text === statements.columns) return described(table);
    if (text === statements.primaryKey)
      return set(
        { name: 'sysname' },
        (table.primaryKey ?? []).map((name) => [name]),
      );
    if (text === statements.names) return set({ name: 'sysname' }, [['features']]);
    if (text.includes('RUNTIME = ONNX')) return predicted(table, text);
    const select = /^SELECT (?:TOP \((\d+)\) )?(.*) FROM \[dbo\]\.\[features\] AS s;$/.exec(text);
    return select === null ? null : selected(table, select[2] ?? '', Number(select[1] ?? Number.POSITIVE_INFINITY));
  };
}

function described({ columns }: ServedTable): TdsAnswer {
  const types = {
    name: 'nvarchar(128)',
    base: 'nvarchar(128)',
    type: 'nvarchar(128)',
    length: 'smallint',
    precision: 'tinyint',
    scale: 'tinyint',
    nullable: 'bit',
    collation: 'nvarchar(128)',
    identity: 'bit',
  };
  const rows = Object.entries(columns).map(([name, text]) => {
    const { name: type, length, precision, scale } = parseType(text);
    const bytes = length === Number.POSITIVE_INFINITY ? -1 : /^n(var)?char$/.test(type) ? length * 2 : length;
    return [name, type, type, bytes, precision, scale, true, null, false];
  });
  return set(types, rows);
}

function predicted({ columns, rows, predictions, withoutPredict }: ServedTable, text: string): TdsAnswer {
  if (withoutPredict !== undefined) return { errors: [withoutPredict] };
  const { opsets, ir } = TARGETS['sql-edge'];
  if (text === probeStatement({ opset: opsets[''], ir })) return set({ y: 'real' }, [[1.5]]);
  if (predictions === undefined || !Array.isArray(rows)) throw new Error('there are no predictions for this table');
  if (text.includes('INSERT INTO')) return { rowsAffected: [rows.length] };
  const list = text.slice(text.lastIndexOf('SELECT'));
  const passed = [
    ...list.matchAll(
      /(CONVERT\(varchar\((\d+)\), (?:CAST\()?)?d\.\[(?:[^\]]|\]\])+\](?: AS decimal\(19, 4\)\))?(?:, \d+\)|\))? AS \[((?:[^\]]|\]\])+)\]/g,
    ),
  ];
  const types = [
    ...passed.map(([, , length, name = '']) => [
      name,
      length === undefined ? columns[plain(name)] : `varchar(${length})`,
    ]),
    ...predictions.signature.outputs.map(({ name, sqlType, labels }) => [
      name,
      labels === undefined ? sqlType : 'nvarchar(3999)',
    ]),
  ];
  const names = Object.keys(columns);
  return set(
    types as [string, ColumnType][],
    rows.map((row, index) => [
      ...passed.map(([, , , name = '']) => row[names.indexOf(plain(name))] ?? null),
      ...(predictions.rows[index] ?? []),
    ]),
  );
}

function selected({ columns, rows }: ServedTable, list: string, top: number): TdsAnswer {
  const names = Object.keys(columns);
  const chosen = [
    ...list.matchAll(
      /(?:CONVERT\(varchar\((\d+)\), (?:CAST\()?)?s\.\[((?:[^\]]|\]\])+)\](?: AS decimal\(19, 4\)\))?(?:, \d+\)|\))?/g,
    ),
  ];
  const types = chosen.map(([, length, name = '']) => [
    name,
    length === undefined ? columns[plain(name)] : `varchar(${length})`,
  ]);
  const pick = (row: TdsValue[]) => chosen.map(([, , name = '']) => row[names.indexOf(plain(name))] ?? null);
  if (Array.isArray(rows)) return set(types as [string, ColumnType][], rows.slice(0, top).map(pick));
  async function* picked(source: AsyncIterable<TdsValue[]>) {
    for await (const row of source) yield pick(row);
  }
  return { sets: [{ columns: columnsOf(types as [string, ColumnType][]), rows: picked(rows()) }] };
}

function set(columns: Record<string, string> | [string, ColumnType][], rows: TdsValue[][]): TdsAnswer {
  const entries = Array.isArray(columns) ? columns : (Object.entries(columns) as [string, ColumnType][]);
  return { sets: [{ columns: columnsOf(entries), rows }] };
}

function columnsOf(entries: [string, ColumnType][]) {
  return entries.map(([name, type]) => ({
    name,
    type: String(type) === 'sysname' ? 'nvarchar(128)' : type,
    nullable: true,
  }));
}

/** A quoted name's own brackets. */
function plain(name: string): string {
  return name.replaceAll(']]', ']');
}
