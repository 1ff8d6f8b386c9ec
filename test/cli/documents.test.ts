import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { COMMANDS, nameOf } from '../../src/cli/commands.js';
import { DOCUMENTS, FILES } from '../../src/cli/documents.js';

const folder = new URL('../../schemas/', import.meta.url);

describe('schemas/', () => {
  it.each(Object.entries({ ...DOCUMENTS, ...FILES }))(
    '%s.schema.json is what the command line holds itself to',
    async (name, schema) => {
      const published = JSON.parse(await readFile(new URL(`${name}.schema.json`, folder), 'utf8'));
      expect(published, 'write it again: npm run build && node scripts/schemas.mjs').toEqual(
        JSON.parse(JSON.stringify(z.toJSONSchema(schema))),
      );
    },
  );

  it('has one for every command and kind of file, and no other', async () => {
    const files = (await readdir(folder)).map((file) => file.replace('.schema.json', '')).sort();
    expect(files).toEqual([...COMMANDS.map(nameOf), 'error', ...Object.keys(FILES)].sort());
    expect(Object.keys({ ...DOCUMENTS, ...FILES }).sort()).toEqual(files);
  });
});
