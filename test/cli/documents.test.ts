import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { COMMANDS, nameOf } from '../../src/cli/commands.js';
import { DOCUMENTS, FILES } from '../../src/cli/documents.js';
import { Output } from '../../src/cli/output.js';
import { strictly } from '../support/strictly.js';

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

  it('has one for every command and every file that is written, and no other', async () => {
    const files = (await readdir(folder)).map((file) => file.replace('.schema.json', '')).sort();
    const expected = [...COMMANDS.map(nameOf), 'error', ...Object.keys(FILES)];
    expect(files).toEqual(expected.sort());
    expect([...Object.keys(DOCUMENTS), ...Object.keys(FILES)].sort()).toEqual(files);
  });

  it('says of everything in results.json what it is', () => {
    const published = z.toJSONSchema(FILES.results) as unknown as Described;
    expect(published.description).toContain('results.json');
    const { run, results } = published.properties ?? {};
    for (const part of [published, run, results?.items]) {
      const silent = Object.entries(part?.properties ?? {}).filter(([, { description }]) => description === undefined);
      expect(silent.map(([name]) => name).filter((name) => name !== 'schema')).toEqual([]);
    }
  });
});

describe('a document', () => {
  const event = { alias: 'production', version: 1, previous: null, action: 'promote' as const, at: '', by: null };
  const history = { registry: 'duckdb:x', versions: [], events: [event] };

  it('is that of the command that prints it', async () => {
    for (const listed of COMMANDS) expect((await listed.load()).name).toBe(nameOf(listed));
  });

  it('has no field that its schema does not declare, however deep: types and tests notice', () => {
    expect(strictly(DOCUMENTS.history, { schema: 1, ...history })).toMatchObject(history);
    const planted = { ...history, events: [{ ...event, planted: 1 }], also: 1 };
    expect(() => strictly(DOCUMENTS.history, { schema: 1, ...planted })).toThrow(
      'the schema does not declare events[0].planted, also',
    );
    const output = new Output<'history'>({ json: false, quiet: true });
    output.document(history);
    // @ts-expect-error: a field beside the declared ones
    output.document({ ...history, also: 1 });
    // @ts-expect-error: a field of one of the events
    output.document({ ...history, events: planted.events });
  });
});

interface Described {
  description?: string;
  properties?: Record<string, Described>;
  items?: Described;
}
