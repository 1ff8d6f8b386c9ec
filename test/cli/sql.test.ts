import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, expect, test, vi } from 'vitest';
import { DOCUMENTS } from '../../src/cli/documents.js';
import { main } from '../../src/cli/main.js';
import { openRegistry } from '../../src/registry/open.js';
import { request } from '../registry/contract.js';
import { signature } from '../sql/churn.js';
import { sharedFolder } from '../support/folder.js';
import { strictly } from '../support/strictly.js';

const folder = sharedFolder('sql');
let registry: string;

beforeAll(async () => {
  registry = `duckdb:${path.join(folder, 'r.duckdb')}`;
  const opened = await openRegistry(registry);
  const bytes = new TextEncoder().encode('a model');
  await opened.register({ ...request(bytes, {}), name: 'churn', signature, alias: 'production' });
  await opened.close();
});

/** In this process: nothing has to be built. */
async function run(...args: string[]): Promise<{ code: number; json: unknown }> {
  let text = '';
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    text += String(chunk);
    return true;
  });
  try {
    const code = await main(['sql', ...args, '--registry', registry, '--json']);
    return { code, json: JSON.parse(text) };
  } finally {
    write.mockRestore();
  }
}

test('writes a procedure that follows the alias, and notices when its file is out of date', async () => {
  const file = path.join(folder, 'score.sql');
  const args = ['churn@production', '--as', 'procedure', '--object', 'ml.score', '--into', 'kept'];
  const { code, json } = await run(...args, '-o', file);
  expect(code).toBe(0);
  const document = strictly(DOCUMENTS.sql, json);
  expect(document.objects).toEqual([{ kind: 'procedure', name: '[ml].[score]' }]);
  expect(await readFile(file, 'utf8')).toBe(document.sql);
  expect(await run(...args, '--check', file)).toMatchObject({ code: 0, json: { upToDate: true } });
  await writeFile(file, 'SELECT 1;');
  expect(await run(...args, '--check', file)).toMatchObject({ code: 1, json: { upToDate: false } });
});

test('takes id for the key where no server knows better, and no key when that is said', async () => {
  const first = DOCUMENTS.sql.parse((await run('churn')).json).sql;
  const second = DOCUMENTS.sql.parse((await run('churn', '--keys', '')).json).sql;
  expect(first).toContain('d.[id] AS [id]');
  expect(second).not.toContain('[id] AS [id]');
});

test.each([
  [['--as', 'procedure', '--apply'], 'mssql://'],
  [['--apply'], '--as procedure'],
  [['--as', 'function'], '--as procedure'],
  [['--as', 'view'], '--as procedure'],
  [['--as', 'procedure', '--apply', '--check', 'x.sql'], 'one after the other'],
  [['--engine', 'plain'], '--engine predict'],
  [['--object', 'x'], '--as procedure'],
])('%j is USAGE with a way on', async (args, hint) => {
  const { code, json } = await run('churn', ...args);
  expect(code).toBe(2);
  expect(DOCUMENTS.error.parse(json).error).toMatchObject({ code: 'USAGE', hint: expect.stringContaining(hint) });
});
