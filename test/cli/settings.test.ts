import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSettings } from '../../src/cli/arguments/settings.js';
import { freshFolder } from '../support/folder.js';

async function settings(yaml: string, links: Record<string, string> = {}): Promise<Record<string, unknown>> {
  const folder = path.join(freshFolder('settings'), 'within');
  await mkdir(path.join(folder, 'here'), { recursive: true });
  for (const [link, target] of Object.entries(links)) await symlink(target, path.join(folder, link));
  await writeFile(path.join(folder, 'predictable.yaml'), yaml);
  return readSettings(['--config', path.join(folder, 'predictable.yaml')]);
}

describe('a settings file', () => {
  it.each([
    ['output: gone', { gone: '../nothing-yet' }],
    ['output: gone/deeper', { gone: '/nowhere/at/all' }],
    ['output: one', { one: 'two', two: '../x' }],
    ['registry: duckdb:gone.duckdb', { 'gone.duckdb': '../.profile' }],
    ['registry: duckdb:models.duckdb', { 'models.duckdb.wal': '../.profile' }],
    ['registry: duckdb:models.duckdb', { 'models.duckdb.tmp': '..' }],
  ])('does not lead out of its folder by a link to what is not there yet, or beside it: %s %o', async (line, links) => {
    await expect(settings(line, links)).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('outside its folder'),
    });
  });

  it('may name links that stay', async () => {
    const { output } = await settings('output: link/new', { link: 'here' });
    expect(output).toMatch(/within\/link\/new$/);
  });

  it('holds no NUL, which no path can have', async () => {
    await expect(settings('output: "a\\0b"\n')).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('sets output to a text with a NUL character'),
    });
  });

  it.each(['constructor', '__proto__', 'toString', 'trust', 'allow-outside', 'trust-lock', 'python'])(
    'may not set %s',
    async (key) => {
      await expect(settings(`"${key}": true\n`)).rejects.toMatchObject({
        code: 'USAGE',
        message: expect.stringContaining(`may not set ${key}`),
      });
    },
  );
});
