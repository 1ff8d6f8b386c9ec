/** The first rows of a result, as plain values. */

import type { Duckdb } from '../../rows/duckdb.js';
import type { PlainValue } from '../documents.js';

const PREVIEW_ROWS = 5;

export async function previewRows(duckdb: Duckdb, select: string): Promise<Record<string, PlainValue>[]> {
  const rows = await duckdb.rows(`SELECT * FROM (${select}) LIMIT ${PREVIEW_ROWS}`);
  return rows.map(plainRow);
}

export function plainRow(row: Record<string, unknown>): Record<string, PlainValue> {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)]));
}

/** Whole numbers that a double cannot hold stay text, as does everything that JSON has no form for. */
function plain(value: unknown): PlainValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  return typeof value === 'boolean' ? value : String(value);
}
