import { expect, test } from 'vitest';
import { openRegistry } from '../../src/registry/open.js';

test.each(['mssql://sa:secret@/db', 'mssql://sa:secret@host', 'predictable.duckdb', 'duckdb:', 'sqlite:x', ''])(
  '%j is no registry',
  async (url) => {
    const error = await openRegistry(url).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'USAGE', hint: expect.stringMatching(/duckdb:FILE|mssql:\/\//) });
    expect(JSON.stringify(error)).not.toContain('secret');
  },
);
