import { linkSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { mustNotBeInputs } from '../../src/files/inputs.js';

const folder = mkdtempSync(path.join(tmpdir(), 'inputs-test-'));
const at = (...parts: string[]) => path.join(folder, ...parts);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('an output', () => {
  writeFileSync(at('rows.csv'), 'a\n1\n');
  writeFileSync(at('other.csv'), 'a\n1\n');
  symlinkSync('rows.csv', at('link.csv'));
  linkSync(at('rows.csv'), at('hard.csv'));
  symlinkSync(folder, at('again'));

  it.each([['rows.csv'], ['link.csv'], ['hard.csv'], ['again/rows.csv'], ['again/../link.csv']])(
    'that is an input by the name %s is refused',
    async (name) => {
      await expect(mustNotBeInputs([at(name)], [at('other.csv'), at('rows.csv')])).rejects.toMatchObject({
        code: 'USAGE',
        details: { output: at(name), input: at('rows.csv') },
      });
    },
  );

  it.each([['other.csv'], ['new.csv'], ['.']])('that is none, %s, is not', async (name) => {
    await mustNotBeInputs([at(name)], [at('rows.csv'), folder, at('nowhere.csv')]);
  });
});
