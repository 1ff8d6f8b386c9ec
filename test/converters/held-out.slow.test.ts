import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/paths.js';

/** Every n-th of the pipelines; `npm run bench -- held-out` runs them all. */
const EVERY = 12;

/** Codes that say that a model cannot be had as ONNX; VERIFICATION_FAILED and anything else is a defect. */
const REFUSALS = new Set(['UNSUPPORTED_MODEL', 'UNSUPPORTED_OPERATOR', 'UNSUPPORTED_TYPE', 'OPSET_TOO_NEW']);

interface Result {
  name: string;
  target: string;
  /** `converted`, or the code that refuses it. */
  status: string;
  rows?: number;
  labels?: number;
  lost?: number;
  /** Why the rows could not be compared. */
  failed?: string;
  runtimes?: string[];
}

interface Pipeline {
  name: string;
  kind: string;
}

let folder: string;
let pipelines: Pipeline[];
let results: Result[];

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'predictable-held-out-'));
  const json = path.join(folder, 'slice.json');
  const program = path.join(packageRoot, 'bench', 'held-out', 'run.mjs');
  await execa(process.execPath, [program, '--folder', folder, '--every', String(EVERY), '--json', json]);
  results = JSON.parse(readFileSync(json, 'utf8'));
  ({ pipelines } = JSON.parse(readFileSync(path.join(folder, 'held-out.json'), 'utf8')));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const count = (fits: (pipeline: Pipeline) => boolean) => pipelines.filter(fits).length;

describe('rows that a conversion never saw', () => {
  it('are of enough pipelines of each sort, when all are run', () => {
    expect(pipelines.length).toBeGreaterThanOrEqual(120);
    const comparesDoubles = ({ name }: Pipeline) => /_(hist|lightgbm)/.test(name);
    expect(
      count((each) => comparesDoubles(each) && ['doubles', 'lognormal'].includes(each.kind)),
    ).toBeGreaterThanOrEqual(20);
    expect(count(({ name }) => name.endsWith('_parallel'))).toBeGreaterThanOrEqual(10);
    expect(count(({ kind }) => kind === 'float32')).toBeGreaterThanOrEqual(10);
    expect(count(({ kind }) => kind.startsWith('mixed'))).toBeGreaterThanOrEqual(10);
  });

  it('are of pipelines for both targets, held in all runtimes that are there', () => {
    expect(results.length).toBeGreaterThanOrEqual(2 * 13);
    const held = results.filter(({ status }) => status === 'converted');
    expect(held.filter(({ runtimes }) => !runtimes?.includes('1.30.0'))).toEqual([]);
    expect(new Set(held.map(({ target }) => target))).toEqual(new Set(['sql-edge', 'sql-edge-1']));
  });

  it('are predicted as the original predicts them', () => {
    const off = results.filter(
      ({ status, rows, lost, failed }) => status === 'converted' && (rows !== 0 || lost !== 0 || failed !== undefined),
    );
    expect(
      off.map(({ name, target, rows, labels, lost, failed }) => [name, target, rows, labels, lost, failed]),
    ).toEqual([]);
  });

  it('are not predicted only where the model is refused by name', () => {
    const odd = results.filter(({ status }) => status !== 'converted' && !REFUSALS.has(status));
    expect(odd.map(({ name, target, status }) => [name, target, status])).toEqual([]);
  });
});
