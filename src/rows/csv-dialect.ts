/** What can be told of a wide CSV without DuckDB's sniffer, whose search takes 2 s for 784 columns, at every statement. */

import { open } from 'node:fs/promises';

/** With so many of one delimiter and none of another in its header, there is nothing to search for. */
const WIDE = 64;
const DELIMITERS = [',', ';', '\t', '|'];
const LOOKED_AT = 2 ** 18;

/** Options of read_csv; none when the file is narrow, or may quote or escape in another way than RFC 4180 has it. */
export async function wideDialect(file: string): Promise<string> {
  const start = await head(file);
  const header = start.slice(0, Math.max(0, start.search(/[\r\n]/)));
  const present = DELIMITERS.filter((delimiter) => header.includes(delimiter));
  const [delimiter] = present;
  if (delimiter === undefined || present.length > 1 || header.split(delimiter).length <= WIDE) return '';
  return /['\\]/.test(start) ? '' : `, delim = '${delimiter}', quote = '"', escape = '"'`;
}

async function head(file: string): Promise<string> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(LOOKED_AT), 0, LOOKED_AT);
    return buffer.toString('latin1', 0, bytesRead);
  } finally {
    await handle.close();
  }
}
