import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { beforeEach, describe, expect, test } from 'vitest';
import type { BatchDocument } from '../../src/batch/results.js';
import { compiledModule } from '../../src/paths.js';
import { onGitHubActions } from '../../src/report/github.js';
import { freshFolder } from '../support/folder.js';
import { failed, run } from './runs.js';

/** What a step prints is what GitHub reads: each test is a process of its own, with the variables and files of a step. */

const folder = freshFolder('github');
let summaryFile: string;

beforeEach(async () => {
  summaryFile = path.join(folder, 'summary.md');
  await writeFile(summaryFile, '');
});

const PROGRAM = `
import { readFileSync } from 'node:fs';
const { document, options, module } = JSON.parse(readFileSync(0, 'utf8'));
const { tellGitHub } = await import(module);
process.stdout.write('{"schema":');
await tellGitHub(document, options);
process.stdout.write('1}');
`;

interface Step {
  document: BatchDocument;
  zoo?: string;
  summary?: string;
  env?: Record<string, string>;
}

async function step({ document, zoo = path.join(folder, 'models'), summary = '', env = {} }: Step) {
  const { stdout, stderr } = await execa(process.execPath, ['--input-type=module', '--eval', PROGRAM], {
    input: JSON.stringify({ document, options: { zoo, summary }, module: compiledModule('report/github.js').href }),
    env: { GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: folder, GITHUB_STEP_SUMMARY: summaryFile, ...env },
    cwd: folder,
  });
  return { stdout, commands: stderr === '' ? [] : stderr.split('\n') };
}

describe('annotations', () => {
  test('name code, model and file, on stderr: stdout keeps its one document', async () => {
    const document = run([
      failed('weld/two', 'weld/two: 50% differ, by "0.25"\nand more'),
      { name: 'oven', warnings: [{ code: 'ROUNDED', message: '2 rows lie near a threshold' }] },
      { name: 'press', status: 'cached', warnings: [{ code: 'ROUNDED', message: 'shown before' }] },
    ]);
    expect(await step({ document })).toEqual({
      stdout: '{"schema":1}',
      commands: [
        '::error title=VERIFICATION_FAILED,file=models/weld/two.joblib::weld/two: weld/two: 50%25 differ, by "0.25"%0Aand more%0ALook at the worst rows.',
        '::warning title=ROUNDED,file=models/oven.joblib::oven: 2 rows lie near a threshold',
      ],
    });
  });

  test('cannot be made into commands by names', async () => {
    const name = '::set-output name=a::b\r\n::add-mask::1';
    const { commands } = await step({ document: run([{ ...failed(name), source: 'a,line=3::b\n::debug::.pkl' }]) });
    expect(commands).toEqual([
      expect.stringMatching(
        /^::error title=VERIFICATION_FAILED,file=models\/a%2Cline=3%3A%3Ab\\u000a%3A%3Adebug%3A%3A.pkl::: :set-output /,
      ),
    ]);
    expect(commands[0]?.split(/%0A|%0D/).some((line) => line.startsWith('::') && !line.startsWith('::error '))).toBe(
      false,
    );
  });

  test('are on no file when the zoo lies outside of the repository', async () => {
    const { commands } = await step({ document: run([failed('weld')]), zoo: path.dirname(folder) });
    expect(commands[0]).toMatch(/^::error title=VERIFICATION_FAILED::weld: /);
  });

  test.each([
    [10, 10, undefined],
    [11, 9, 2],
    [300, 9, 291],
  ])('%i failures become %i and one for the rest', async (failures, shown, left) => {
    const warnings = [{ code: 'ROUNDED', message: 'near a threshold' }];
    const names = Array.from({ length: failures }, (_, index) => `m${index}`);
    const document = run(names.flatMap((name) => [failed(name), { name: `w${name}`, warnings }]));
    const { commands } = await step({ document });
    for (const kind of ['error', 'warning']) {
      const own = commands.filter((command) => command.startsWith(`::${kind} `));
      expect(own).toHaveLength(left === undefined ? shown : shown + 1);
      expect(own.at(-1)).toMatch(
        left === undefined ? /::w?m9: / : `::${kind} title=and ${left} more::${left} more ${kind}s `,
      );
    }
  });
});

describe('the summary of the step', () => {
  const document = run([{ name: 'oven' }]);

  test('is the text of report.md, after what the step has written before', async () => {
    await writeFile(summaryFile, '# Before\n');
    await step({ document, summary: '# Zoo\n\n| å | 1 |\n' });
    expect(await readFile(summaryFile, 'utf8')).toBe('# Before\n# Zoo\n\n| å | 1 |\n');
  });

  test.each([0, 500_000])('is cut to whole lines and says so, with %i bytes there before', async (before) => {
    await writeFile(summaryFile, 'x'.repeat(before));
    const line = `| ${'å'.repeat(40)} |\n`;
    await step({ document, summary: line.repeat(20_000) });
    const text = (await readFile(summaryFile, 'utf8')).slice(before);
    const size = Buffer.byteLength(text) + before;
    expect(size).toBeLessThanOrEqual(1024 * 1024);
    expect(size).toBeGreaterThan(1024 * 1024 - 2 * Buffer.byteLength(line));
    const [note = '', ...lines] = text.split('\n\n');
    expect(note).toMatch(/^> .*`report\.md`/);
    expect(new Set(lines.join('').split('\n'))).toEqual(new Set([line.trimEnd(), '']));
  });

  test('is left out when the step has no room for it, and no run fails for it', async () => {
    await writeFile(summaryFile, 'x'.repeat(1024 * 1024));
    await step({ document, summary: '# Zoo\n' });
    expect((await readFile(summaryFile, 'utf8')).length).toBe(1024 * 1024);
    const { commands } = await step({ document, env: { GITHUB_STEP_SUMMARY: path.join(folder, 'no', 'such') } });
    expect(commands).toEqual([
      expect.stringMatching(/^::warning::the summary of this step could not be written: ENOENT/),
    ]);
    expect(await step({ document, env: { GITHUB_STEP_SUMMARY: '' } })).toEqual({
      stdout: '{"schema":1}',
      commands: [],
    });
  });
});

test('GitHub is told where GitHub runs it', () => {
  expect([{ GITHUB_ACTIONS: 'true' }, { GITHUB_ACTIONS: 'false' }, { CI: 'true' }].map(onGitHubActions)).toEqual([
    true,
    false,
    false,
  ]);
});
