import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import yargs from 'yargs';
import { COMMON } from '../../src/cli/arguments/options.js';
import { COMMANDS, nameOf } from '../../src/cli/commands.js';
import { packageRoot } from '../../src/paths.js';
import { page } from './sections.js';

/** Links that lead somewhere, and commands with options that there are. */

const docs = readdirSync(path.join(packageRoot, 'docs'), { recursive: true, encoding: 'utf8' });
const pages = [
  'README.md',
  'CHANGELOG.md',
  ...docs.filter((name) => name.endsWith('.md')).map((name) => path.join('docs', name)),
];

describe.each(pages)('%s', (name) => {
  const text = page(name);

  test('links to files and headings that there are', () => {
    const links = [...text.matchAll(/\]\((?!https?:)([^)\s#]*)(#[^)\s]+)?\)/g)];
    const dead = links.filter(([, file = '', anchor]) => {
      const target = path.join(path.dirname(name), file);
      if (file !== '' && !existsSync(path.join(packageRoot, target))) return true;
      return anchor !== undefined && !anchorsOf(page(file === '' ? name : target)).has(anchor.slice(1));
    });
    expect(dead.map(([link]) => link)).toEqual([]);
  });

  test('names commands with options that they take', async () => {
    const unknown: string[] = [];
    for (const [command, options] of commandsOf(text)) {
      const known = await optionsOf(command);
      if (known === null) unknown.push(command);
      else unknown.push(...options.filter((option) => !known.has(option)).map((option) => `${command} --${option}`));
    }
    expect(unknown).toEqual([]);
  });
});

test.each(pages)('%s names options that some command takes', async (name) => {
  const known = await everyOption();
  const named = [...page(name).matchAll(/`(--[a-z][a-z0-9-]*)[^`]*`/g)].map(([, option = '']) => option.slice(2));
  expect([...new Set(named)].filter((option) => !known.has(option) && !OF_OTHERS.has(option))).toEqual([]);
});

/** Of Docker, pytest and benchmarks, and of tf2onnx, which pages name, too. */
const OF_OTHERS = new Set(['user', 'read-only', 'folder', 'saved-model', 'graphdef', 'tflite', 'keras']);

async function everyOption(): Promise<Set<string>> {
  const options = await Promise.all(COMMANDS.map((listed) => optionsOf(nameOf(listed))));
  return new Set([...options.flatMap((each) => [...(each ?? [])]), 'version']);
}

/** As GitHub makes them of headings. */
function anchorsOf(text: string): Set<string> {
  const headings = [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => heading);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

/** Each `predictable COMMAND …` of the page, in a line of code or between backticks, with its long options. */
function commandsOf(text: string): [command: string, options: string[]][] {
  const code = [...text.matchAll(/^ {4}.*$/gm), ...text.matchAll(/`[^`\n]+`/g)].map(([piece]) => piece);
  return code.flatMap((piece) =>
    piece.split(/(?=\bpredictable )/).flatMap((part): [string, string[]][] => {
      const [, command, rest = ''] = /^predictable ([a-z]+(?:-[a-z]+)*)\b(.*)/.exec(part) ?? [];
      if (command === undefined) return [];
      return [[command, [...rest.matchAll(/(?<=\s)--([a-z][a-z0-9-]*)/g)].map(([, option = '']) => option)]];
    }),
  );
}

async function optionsOf(command: string): Promise<Set<string> | null> {
  const listed = COMMANDS.find((each) => nameOf(each) === command);
  if (listed === undefined) return null;
  const { builder } = await listed.load();
  const parser = builder(yargs([]).options(COMMON)) as unknown as { getOptions(): { key: Record<string, unknown> } };
  return new Set([...Object.keys(parser.getOptions().key), 'help']);
}
