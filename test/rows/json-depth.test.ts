import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { readTable } from '../../src/rows/read-table.js';

const folder = mkdtempSync(path.join(tmpdir(), 'json-depth-'));
afterAll(() => rmSync(folder, { recursive: true }));

function written(name: string, content: string | Buffer): string {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return file;
}

const deep = (open: string, close: string, depth: number) => `${open.repeat(depth)}1${close.repeat(depth)}`;

describe('rows in JSON', () => {
  // Each ends the process when DuckDB reads it.
  it.each([
    ['lists.json', `{"x": ${deep('[', ']', 100_000)}}`],
    ['objects.jsonl', `{"x": 1}\n{"x": ${deep('{"a":', '}', 100_000)}}`],
    ['open.json', `{"x": ${'['.repeat(100_000)}`],
    ['behind a text that does not end.jsonl', `{"x": "\n{"y": ${deep('[', ']', 100_000)}}`],
    ['packed.json.gz', gzipSync(`{"x": ${deep('[', ']', 100_000)}}`)],
  ])('that nest too deeply are refused: %s', async (name, content) => {
    await expect(readTable(written(name, content))).rejects.toMatchObject({
      code: 'UNKNOWN_FORMAT',
      message: expect.stringContaining('it nests more than 100 deep'),
    });
  });

  it('may hold brackets in texts, and as many rows as they like', async () => {
    const row = `${JSON.stringify({ x: 1, t: `${'['.repeat(200)} \\" {{` })}\n`;
    const frame = await readTable(written('texts.jsonl', row.repeat(300)));
    expect(frame.rows).toBe(300);
  });

  it('may have a column of any name that SQL can write', async () => {
    const frame = await readTable(written('names.json', '[{"__proto__": 1, "constructor": 2, "toString": 3}]'));
    expect(frame.columns.map(({ name, type }) => [name, type])).toEqual([
      ['__proto__', 'int64'],
      ['constructor', 'int64'],
      ['toString', 'int64'],
    ]);
    await expect(readTable(written('nul.json', '[{"a\\u0000b": 1}]'))).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('holds a NUL character'),
    });
  });
});
