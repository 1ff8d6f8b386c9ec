import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeAll, describe, expect, it, test, vi } from 'vitest';
import { marked, unmark } from '../../src/cli/after-dashes.js';
import { COMMANDS, nameOf } from '../../src/cli/commands.js';
import { main } from '../../src/cli/main.js';
import { resumeCommand } from '../../src/cli/text/batch.js';
import { sharedFolder } from '../support/folder.js';

const folder = sharedFolder('after-dashes');
const [privateKey, publicKey] = [path.join(folder, 'signer.key'), path.join(folder, 'signer.pub')];
beforeAll(() => {
  const pair = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  writeFileSync(privateKey, pair.privateKey.export({ type: 'pkcs8', format: 'pem' }));
  writeFileSync(publicKey, pair.publicKey.export({ type: 'spki', format: 'pem' }));
});
const registry = ['--registry', `duckdb:${folder}/none.duckdb`];

/** What else a command must be told. */
const TOLD: Record<string, string[]> = {
  verify: ['--against', 'none.joblib', '--sample', 'none.csv'],
  sign: ['--key', privateKey],
  'verify-signature': ['--key', publicKey],
  prune: ['--keep', '1', ...registry],
  diff: ['--data', 'none.csv', ...registry],
  score: ['--data', 'none.csv', ...registry],
  pull: ['-o', 'none.onnx', ...registry],
};
const OF_REGISTRY = ['show', 'history', 'promote', 'rollback', 'remove', 'sql', 'register'];

afterEach(() => vi.restoreAllMocks());

it('marks what is a name, after the end of any list', () => {
  expect(marked(['convert', '--wheel', 'a.whl', '--', '-rf', '--json'])).toEqual([
    ...['convert', '--wheel', 'a.whl', '--after-dashes'],
    ...['\u0000-rf', '\u0000--json'],
  ]);
  const args = { path: ['\u0000-rf'], name: '\u0000--json', wheel: ['a.whl'], json: false };
  unmark(args);
  expect(args).toEqual({ path: ['-rf'], name: '--json', wheel: ['a.whl'], json: false });
});

it('goes on with a run whose zoo stands after dashes', () => {
  expect(resumeCommand(['batch', '-o', 'run', '--', '-zoo'])).toBe('predictable batch -o run --resume -- -zoo');
});

describe('a name that begins like an option', () => {
  const commands = COMMANDS.filter(({ command }) => command.includes('<'));

  test.each(commands.map((listed) => [nameOf(listed), listed.command]))('is one for %s', async (name, command) => {
    const stdout = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    const names = (command.match(/</g) ?? []).map((_, index) => (index === 0 ? '-rf@1' : '-x'));
    const told = TOLD[name] ?? (OF_REGISTRY.includes(name) ? registry : []);
    await main([name, '--json', ...told, '--', ...names]);
    const said: unknown = JSON.parse(stdout.mock.calls.map(([text]) => String(text)).join(''));
    vi.restoreAllMocks();
    expect(JSON.stringify(said)).toContain('-rf');
    expect(JSON.stringify(said)).not.toContain('USAGE');
  });
});
