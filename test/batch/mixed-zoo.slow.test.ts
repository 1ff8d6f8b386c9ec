import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { packageRoot } from '../../src/paths.js';
import { predictable } from '../cli/run.js';

/** A small one here: `npm run bench -- zoo` runs a thousand models, of every family. */
const MODELS = 60;

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'predictable-mixed-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const read = (...parts: string[]) => JSON.parse(readFileSync(path.join(folder, ...parts), 'utf8'));

it('converts a zoo of mixed families, and every failure is one that was expected', async () => {
  const zoo = path.join(folder, 'zoo');
  await execa(process.execPath, [path.join(packageRoot, 'bench', 'zoo', 'make.mjs'), zoo, '--models', String(MODELS)]);
  const run = path.join(folder, 'run');
  const args = ['batch', path.join(zoo, 'zoo.yaml'), '-o', run, '--trust-lock', path.join(zoo, 'trust.lock')];
  const { exitCode, stdout } = await predictable(args);
  expect(exitCode).toBe(1);
  const { results } = read('run', 'results.json');
  const ends = results.map(
    ({ source, status, error }: { source: string; status: string; error?: { code: string } }) => [
      source,
      error?.code ?? status,
    ],
  );
  expect(Object.fromEntries(ends)).toEqual(read('zoo', 'expected.json'));
  for (const code of ['UNTRUSTED_ARTIFACT', 'CORRUPT_MODEL', 'MISSING_MODULE', 'UNSUPPORTED_MODEL']) {
    expect(stdout).toContain(code);
  }

  const again = await predictable([...args, '--resume', '--json']);
  expect(again.exitCode).toBe(1);
  const { totals } = JSON.parse(again.stdout).run;
  const failed = ends.filter(([, end]: string[]) => end !== 'converted').length;
  expect(totals).toEqual({ models: ends.length, converted: 0, cached: ends.length - failed, failed, skipped: 0 });
});
