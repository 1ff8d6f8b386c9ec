/** Command lines that are proposed: whoever pastes one runs it, and nothing that a name has in it. */

import { execFileSync } from 'node:child_process';
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it, vi } from 'vitest';
import { Output } from '../../src/cli/output.js';
import { resumeCommand } from '../../src/cli/text/batch.js';
import { printSummary } from '../../src/cli/text/conversion.js';
import type { Conversion } from '../../src/convert/document.js';
import { asPredictableError } from '../../src/errors.js';
import { FakeExecutor } from '../support/fake-executor.js';
import { sharedFolder } from '../support/folder.js';
import { runCommand } from './in-process.js';

const HOSTILE = 'a b;$(touch x)\'"`&';
const GRAPH = new URL('../graph/fixtures/columns-strict.onnx', import.meta.url);
const folder = sharedFolder('proposals');

/** A graph at a path with such a name in it. */
async function graph(name: string): Promise<string> {
  const file = path.join(folder, name, `${HOSTILE}.onnx`);
  await mkdir(path.dirname(file), { recursive: true });
  await copyFile(GRAPH, file);
  return file;
}

it('is one argument where normalize and register propose the next command', async () => {
  const file = await graph('normalize');
  const normalized = await runCommand(['normalize', file], new FakeExecutor());
  const columnar = path.join(path.dirname(file), `${HOSTILE}.columnar.onnx`);
  expect(proposed(normalized.stdout)).toEqual([['register', columnar, '--allow-unverified']]);
  const registry = `duckdb:${path.join(folder, 'models.duckdb')}`;
  const argv = ['register', columnar, '--allow-unverified', '--name', HOSTILE, '--registry', registry];
  const registered = await runCommand(argv, new FakeExecutor());
  expect(proposed(registered.stdout)).toEqual([['score', HOSTILE, '--data', 'ROWS.csv', '-o', 'predictions.csv']]);
});

it('is one argument where trust proposes the next command', async () => {
  const file = path.join(folder, `${HOSTILE}.pkl`);
  await writeFile(file, Buffer.from('80049502000000000000004e2e', 'hex'));
  const lock = path.join(folder, `${HOSTILE}.lock`);
  const { stdout } = await runCommand(['trust', file, '-o', lock], new FakeExecutor());
  expect(proposed(stdout)).toEqual([['convert', file, '--trust-lock', lock]]);
});

it('is one argument of a summary, and of what goes on with a run', () => {
  const said: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => said.push(String(text)) > 0);
  const result: Conversion = { source: 'x', name: 'x', target: 'sql-edge', warnings: [], status: 'converted' };
  const files = [`out/${HOSTILE}.onnx`, `-${HOSTILE}.onnx`];
  printSummary(
    files.map((output) => ({ ...result, output })),
    new Output({ json: false, quiet: false }),
  );
  vi.restoreAllMocks();
  expect(proposed(said.join(''))).toEqual([['register', files[0], `./${files[1]}`]]);
  const argv = ['batch', HOSTILE, '-o', HOSTILE, `--name=${HOSTILE}`, '--resume'];
  expect(proposed(`next: ${resumeCommand(argv)}`)).toEqual([argv]);
});

it('is one argument of hints', async () => {
  const file = await graph('hints');
  for (const [argv, ...command] of [
    [['detect', file], 'normalize', file],
    [
      ['register', file, '--registry', `duckdb:${folder}/r.duckdb`],
      'normalize',
      file,
      '-o',
      `${HOSTILE}.columnar.onnx`,
    ],
  ] as [string[], ...string[]][]) {
    const { hint, said } = await runCommand(argv, new FakeExecutor()).then(
      ({ stdout }) => ({ hint: undefined, said: stdout }),
      (error: unknown) => ({ hint: asPredictableError(error).hint, said: '' }),
    );
    const text = hint ?? said;
    if (text.includes('predictable ')) expect(proposed(text)).toEqual([command]);
    else expect(argv[0]).toBe('detect');
  }
});

/** Ids of converters and targets, and what `forShell` has given before. */
const OURS = new Set(['${id', '${engine.target', '${name', "${files.length > 2 ? ' …' : ''"]);

/** Nobody forgets it: a module that proposes names quotes them. */
it('quotes in every module that proposes a command with a name in it', async () => {
  const sources = new URL('../../src/', import.meta.url);
  const files = (await readdir(sources, { recursive: true })).filter((file) => file.endsWith('.ts'));
  const forgotten = await Promise.all(
    files.map(async (file) => {
      const text = await readFile(new URL(file, sources), 'utf8');
      const commands = text.match(/predictable [a-z]+ [^`\n]*\$\{[^\n]*/g) ?? [];
      const values = commands.flatMap((command) => command.match(/\$\{[^}]*/g) ?? []);
      return values
        .filter((value) => !value.includes('forShell') && !OURS.has(value))
        .map((value) => `${file}: ${value}`);
    }),
  );
  expect(forgotten.flat()).toEqual([]);
});

/** The arguments of each proposed command line, as a shell takes it apart. */
function proposed(text: string): string[][] {
  const lines = text.split('\n').flatMap((line) => /(?:^|: )(predictable [a-z].*)$/.exec(line)?.[1] ?? []);
  return lines.map((line) => {
    const command = line.replace(/ \([^)]*\)$/, '');
    const script = `predictable() { printf '%s\\0' "$@"; }\n${command}`;
    return execFileSync('sh', ['-c', script], { cwd: folder, encoding: 'utf8' }).split('\0').slice(0, -1);
  });
}
