import { existsSync } from 'node:fs';
import path from 'node:path';
import { globSync } from 'tinyglobby';
import { beforeAll, describe, expect, test } from 'vitest';
import { parseDocument, visit } from 'yaml';
import yargs, { type Argv } from 'yargs';
import { COMMON } from '../../src/cli/arguments/options.js';
import { COMMANDS } from '../../src/cli/commands.js';
import { readManifests } from '../../src/converters/manifest.js';
import { packageRoot } from '../../src/paths.js';
import { fenced, page } from './sections.js';

/** The pipelines of the page: what they run is there, and takes what it is given. */

const PROGRAM = 'node predictable/bin/predictable.js ';
const pipelines = fenced(page('docs/ci.md'), 'yaml').map((text) => ({ text, name: text.split('\n', 1)[0] ?? '' }));

let parser: Argv;
beforeAll(async () => {
  parser = yargs([])
    .options(COMMON)
    .strict()
    .version(false)
    .exitProcess(false)
    .fail((message, error) => {
      throw error ?? new Error(message);
    });
  for (const { command, describe: about, load } of COMMANDS) {
    const { builder } = await load();
    parser.command({ command, describe: about, builder, handler: () => undefined });
  }
});

test('there is one for GitHub Actions and one for Azure DevOps', () => {
  expect(pipelines.map(({ name }) => name)).toEqual(['name: models', 'trigger:']);
});

describe.each(pipelines)('the pipeline that begins with $name', ({ text }) => {
  const scripts = stringsAt(text, ['run', 'script']);

  test('is YAML, with no key twice', () => {
    const { errors, warnings } = parseDocument(text);
    expect([...errors, ...warnings]).toEqual([]);
  });

  test('calls commands with options and arguments that they take', async () => {
    const commands = scripts.flatMap((script) => script.split('\n')).flatMap((line) => line.split(PROGRAM).slice(1));
    expect(commands.length).toBeGreaterThanOrEqual(2);
    for (const command of commands) await parser.parseAsync(command);
  });

  test('calls files of this project that there are', () => {
    const files = scripts.flatMap((script) =>
      [...script.matchAll(/\bpredictable\/(\S+)/g)].map(([, file = '']) => file),
    );
    expect(files).toContain('scripts/prepare.mjs');
    expect(files.filter((file) => !existsSync(path.join(packageRoot, file)))).toEqual([]);
  });

  test('keeps environments by every lock that they are built from', async () => {
    const [pattern = ''] = /predictable\/\S+requirements[^'\s]*/.exec(text) ?? [];
    const hashed = globSync(pattern.replace('predictable/', ''), { cwd: packageRoot, absolute: true });
    const manifests = await readManifests();
    const locks = manifests.flatMap(({ folder, environments }) =>
      environments.map(({ lock }) => path.resolve(folder, lock)),
    );
    expect(locks.filter((lock) => !hashed.includes(lock))).toEqual([]);
  });

  test('has a password only in steps of the main branch', () => {
    const steps = text.split(/^ *- (?=(?:name|script|task|uses|run):)/m);
    const withPassword = steps.filter((step) => step.includes('PREDICTABLE_PASSWORD'));
    expect(withPassword).toHaveLength(1);
    expect(withPassword[0]).toMatch(/^ *(?:if|condition): .*'refs\/heads\/main'/m);
    expect(withPassword[0]).toContain('--register');
  });

  test('uses actions and tasks of a stated version', () => {
    const used = stringsAt(text, ['uses', 'task']);
    expect(used.length).toBeGreaterThan(4);
    expect(used.filter((each) => !/@v?\d+$/.test(each))).toEqual([]);
  });
});

test.each(['batch zoo --resum', 'batch', 'bach zoo', 'batch zoo --executor kubernetes'])(
  'a pipeline with “%s” would be found',
  async (command) => {
    await expect((async () => parser.parseAsync(command))()).rejects.toThrow();
  },
);

/** The values of these keys, wherever they are. */
function stringsAt(text: string, keys: string[]): string[] {
  const found: string[] = [];
  visit(parseDocument(text), {
    Pair: (_, { key, value }) => {
      const { value: name } = key as { value?: unknown };
      const { value: content } = value as { value?: unknown };
      if (typeof name === 'string' && keys.includes(name) && typeof content === 'string') found.push(content);
    },
  });
  return found;
}
