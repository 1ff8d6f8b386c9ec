/** Whether rows are named as a file or as a table of the registry's server. */

import { stat } from 'node:fs/promises';
import { kindOfFile, namedTable } from './source.js';

/** A separator of folders, outside of a quoted name. */
const PATH = /^[^"[]*[\\/]/;

/** The table, or null for a file: one that is there, or what ends or is written like one. */
export async function serverTableName(data: string): Promise<string | null> {
  const name = namedTable(data);
  if (name !== null) return name;
  if (data.startsWith('duckdb:') || kindOfFile(data) !== null || PATH.test(data)) return null;
  const status = await stat(data).catch(() => null);
  return status?.isFile() === true ? null : data;
}
