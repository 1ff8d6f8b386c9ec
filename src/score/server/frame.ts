/** Rows of a server's table as a frame, with the types that a file's rows would get (src/rows/read-table.ts). */

import { openDuckdb } from '../../rows/duckdb.js';
import type { Frame } from '../../rows/frame.js';
import { readSource } from '../../rows/read-table.js';
import type { Server } from '../../server/connection.js';
import { openServerTable, readColumns, readServerTable } from './table.js';

/** The first rows. Columns that are neither numbers nor text are left out. */
export async function readServerFrame(server: Server, table: string, limit: number): Promise<Frame> {
  const opened = await openServerTable(server, table);
  const duckdb = await openDuckdb();
  try {
    return await readSource(duckdb, await readServerTable(duckdb, opened, readColumns(opened), { limit }));
  } finally {
    await duckdb.close();
  }
}
