import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { document } from '../cli/run.js';
import { type Prepared, prepare } from '../support/prepared.js';
import { lackingWalls } from '../support/walls.js';
import { type Conversions, convertAll, type Outcome } from './attacked.js';
import { FAMILIES } from './families.js';

/**
 * Hostile files, each loader by each trick that we know of, given to the real command. Without trust on a machine without walls, so
 * that the lists of what files may name stand alone; with trust behind the walls.
 */

const MINUTES = 60_000;
/** How a hostile file may end: never in a crash, in a fault of ours, or in nothing said. */
const REFUSALS =
  'UNTRUSTED_ARTIFACT UNSUPPORTED_OPERATOR UNSUPPORTED_MODEL UNSUPPORTED_TYPE CORRUPT_MODEL UNKNOWN_FORMAT MISSING_MODULE COLUMN_MISMATCH MISSING_SAMPLE'.split(
    ' ',
  );

const lacking = await lackingWalls();
const byFile = (outcomes: Outcome[]) => Object.fromEntries(outcomes.map((outcome) => [outcome.file, outcome]));

describe.each(Object.entries(FAMILIES))('hostile files of %s', (_, family) => {
  let prepared: Prepared;
  let folder: string;
  let files: string[];
  let unvouched: Conversions;

  beforeAll(async () => {
    prepared = await prepare(family.environment);
    folder = path.join(prepared.folder, 'hostile');
    await prepared.python(`test/hostile/hostile_${family.maker}.py`, folder);
    files = (await readdir(folder)).filter(family.isHostile).sort();
    unvouched = await convertAll(folder, files, { args: ['--columns', family.columns] });
  }, 5 * MINUTES);
  afterAll(() => prepared.close());

  it('without trust and without walls are refused by name, or converted without what was hostile', () => {
    const { outcomes } = unvouched;
    expect(outcomes.map(({ file }) => file).sort()).toEqual(files);
    const wrong = outcomes.filter(
      ({ file, end }) => !(REFUSALS.includes(end) || (end === 'converted' && family.harmless.test(file))),
    );
    expect(wrong).toEqual([]);
    const converted = outcomes.filter(({ end }) => end === 'converted');
    for (const { sandbox } of converted) expect(new Set(Object.values(sandbox ?? {}))).toEqual(new Set([false]));
    for (const { end, hint, file } of outcomes.filter(({ end }) => end === 'UNTRUSTED_ARTIFACT'))
      expect(hint, `${file} ${end}`).toContain('trust');
    console.info(
      `${files.length} hostile files of ${family.maker}: ${files.length - converted.length} refused, ${converted.length} converted without harm`,
    );
  });

  it('without trust and without walls change nothing, and no byte of another file is in any output', () => {
    expect(unvouched.changes).toEqual([]);
    expect(unvouched.leaks).toEqual([]);
  });

  it.each(family.said)('%s ends in %s and says what was found: %s', (file, end, said) => {
    expect(byFile(unvouched.outcomes)[file]).toMatchObject({ end, message: expect.stringContaining(said) });
  });

  it.skipIf(lacking !== '')(
    `with trust run behind the walls and change nothing${lacking}`,
    async () => {
      const trusted = files.filter((file) => family.runs.test(file));
      expect(trusted.length).toBeGreaterThan(3);
      const { changes, leaks, outcomes } = await convertAll(folder, trusted, {
        walls: true,
        args: ['--trust', '--columns', family.columns],
      });
      expect(outcomes).toHaveLength(trusted.length);
      expect({ changes, leaks }).toEqual({ changes: [], leaks: [] });
    },
    3 * MINUTES,
  );
});

describe('hostile files, opened as their frameworks do', () => {
  it.each([
    [
      'pytorch',
      'pytorch',
      'test/converters/pytorch_crafted.py',
      ['name-placeholder.pt2', 'name-branch-input.pt2', 'name-guard.pt2', 'script-line-concatenated.pt'],
    ],
    [
      'keras',
      'keras',
      'test/converters/keras_attacks.py',
      ['aligned-now-h5.h5', 'aligned-now-hdf5.hdf5', 'stored-parts.h5'],
    ],
  ])(
    'of %s run or read something: the proof that there was something to refuse',
    async (environment, maker, opener, names) => {
      const prepared = await prepare(environment);
      try {
        const folder = path.join(prepared.folder, 'opened');
        await prepared.python(`test/hostile/hostile_${maker}.py`, folder);
        const opened = JSON.parse(await prepared.python(opener, folder, ...names));
        for (const name of names) expect([true, [expect.stringMatching(/^ran-/)]], name).toContainEqual(opened[name]);
      } finally {
        await prepared.close();
      }
    },
    3 * MINUTES,
  );
});

describe('texts of a program of torch.export', () => {
  it('run as code in no place, as far as the list lets them through', { timeout: 2 * MINUTES }, async () => {
    const prepared = await prepare('pytorch');
    try {
      const said = await prepared.python('test/hostile/program_texts.py', path.join(prepared.folder, 'texts'));
      const { good, refused, loaded, ran } = JSON.parse(said);
      expect({ good, ran }).toEqual({ good: null, ran: [] });
      expect(refused).toBeGreaterThan(3000);
      expect(loaded).toEqual(['as_string', 'nn_module_stack', 'stack_trace', 'torch_fn']);
    } finally {
      await prepared.close();
    }
  });
});

describe('ONNX whose numbers are in another file', () => {
  it(
    'is read by no command',
    async () => {
      const prepared = await prepare('lightgbm');
      try {
        const folder = path.join(prepared.folder, 'hostile');
        await prepared.python('test/hostile/hostile_others.py', folder);
        const files = (await readdir(folder)).filter((name) => name.startsWith('external'));
        expect(files).toHaveLength(10);
        for (const file of files) {
          const args = [['inspect'], ['normalize', '-o', path.join(prepared.folder, 'normal.onnx')]];
          for (const [command = '', ...more] of args) {
            const { json, ran } = await document([command, path.join(folder, file), ...more]);
            expect(json, `${command} ${file}`).toMatchObject({
              error: { code: 'UNSUPPORTED_MODEL', message: expect.stringContaining('in a file of their own') },
            });
            expect(ran.stdout + ran.stderr).not.toContain('s3cret');
          }
        }
      } finally {
        await prepared.close();
      }
    },
    2 * MINUTES,
  );
});

describe.skipIf(lacking !== '')(`code of a model that is vouched for${lacking}`, () => {
  it.each([
    ['sklearn', 'inside.joblib'],
    ['pytorch', 'inside-old.pt'],
  ])(
    'in %s gets nothing: no file, no process, no secret of the command, no program, no connection',
    async (environment, file) => {
      const prepared = await prepare(environment);
      const server = createServer();
      try {
        await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
        const address = server.address();
        const port = typeof address === 'object' && address !== null ? address.port : 0;
        const [folder, secret, token] = [
          path.join(prepared.folder, 'inside'),
          path.join(prepared.folder, 'secret'),
          't0ken-of-the-command',
        ];
        await mkdir(folder);
        await writeFile(secret, 'of the user', { mode: 0o600 });
        await prepared.python('test/hostile/inside.py', folder, secret, String(port), token);
        const found = await convertAll(folder, [file], {
          walls: true,
          args: ['--trust'],
          env: { PREDICTABLE_PASSWORD: token },
        });
        expect(found.outcomes[0]?.message).toMatch(/tried 29, got nothing\b/);
        expect(found.changes).toEqual([]);
      } finally {
        server.close();
        await prepared.close();
      }
    },
    2 * MINUTES,
  );
});
