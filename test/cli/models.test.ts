import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DOCUMENTS } from '../../src/cli/documents.js';
import { resumeCommand } from '../../src/cli/text/batch.js';
import { openRegistry } from '../../src/registry/open.js';
import { CONTENT, FakeExecutor, type FakeOptions, writeFiles } from '../support/fake-executor.js';
import { runCommand } from './in-process.js';

let folder: string;
let executor: FakeExecutor;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'predictable-cli-'));
  executor = new FakeExecutor();
  writeFiles(folder, { 'zoo/press.txt': CONTENT.lightgbm(), 'zoo/press.sample.csv': 'a,b\n1,2\n3,4\n' });
});
afterEach(() => rmSync(folder, { recursive: true }));

const at = (name: string) => path.join(folder, name);

function said(argv: string[], fake?: FakeOptions, signal?: AbortSignal) {
  if (fake !== undefined) executor = new FakeExecutor(fake);
  return runCommand(argv, executor, signal);
}

describe('convert', () => {
  const press = () => ['convert', at('zoo/press.txt'), '-o', at('out')];

  it('says what went in, what came out, and how far it is proved', async () => {
    const { exitCode, stdout } = await said(press());
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`press  Linear() → ${at('out/press.onnx')}`);
    expect(stdout).toContain('in   2 columns: 2 real (a, b)');
    expect(stdout).toContain('out  y');
    expect(stdout).toContain('verified against LightGBM on 2 rows of the sample, in ONNX Runtime 1.30.0 and 1.12.1:');
    expect(stdout).toContain(`next: predictable register ${at('out/press.onnx')}`);
    expect(executor.closed).toBe(true);
  });

  it('prints one document with --json', async () => {
    const { stdout } = await said([...press(), '--json']);
    const { results } = DOCUMENTS.convert.parse(JSON.parse(stdout));
    expect(results).toMatchObject([{ name: 'press', status: 'converted', target: 'sql-edge', precision: 'float' }]);
  });

  it('hands every option over as it was written', async () => {
    const options =
      '--target embedded --columns p,q --on-null 0 --batch-dim 1 --signature s --image-size 2x3 --timeout 5 --precision double';
    const { stdout } = await said([...press(), ...options.split(' '), '--input', 'x:real:N,2', '--json']);
    const [result] = DOCUMENTS.convert.parse(JSON.parse(stdout)).results;
    expect(result?.provenance?.options).toEqual({
      target: 'embedded',
      precision: 'double',
      columns: ['p', 'q'],
      onNull: 0,
      batch: 1,
      inputs: [{ name: 'x', dtype: 'float32', shape: [-1, 2] }],
      signature: 's',
      imageSize: [2, 3],
    });
    const [call] = executor.calls;
    expect([call?.options.timeout, call?.request.imageSize]).toEqual([5000, [2, 3]]);
  });

  it('fails with the verification, or writes all the same', async () => {
    const refused = await said(press(), { behave: () => ({ off: 1 }) });
    expect([refused.exitCode, existsSync(at('out/press.onnx'))]).toEqual([1, false]);
    expect(refused.stdout).toContain('VERIFICATION_FAILED');
    expect(refused.stdout).toContain('row 1: y expected 7, got 6; a=1, b=2');
    const kept = await said([...press(), '--keep-unverified'], { behave: () => ({ off: 1 }) });
    expect([kept.exitCode, existsSync(at('out/press.onnx'))]).toEqual([1, true]);
  });

  it.each([
    [['--top', '0.5'], '--top takes a whole number above 0, not 0.5'],
    [['--on-null', 'maybe'], '--on-null takes error, nan or a number, not maybe'],
    [['--image-size', '3'], '--image-size takes HEIGHTxWIDTH, not 3'],
    [['--input', 'x'], '--input takes name:dtype:shape, not x'],
    [['--timeout', '0'], '--timeout takes a number of seconds above 0'],
  ])('%j is refused before anything is converted', async (options, message) => {
    await expect(said([...press(), ...options])).rejects.toMatchObject({ code: 'USAGE', message });
    expect(executor.calls).toEqual([]);
  });
});

describe('verify', () => {
  const against = () => ['verify', at('out/press.onnx'), '--against', at('zoo/press.txt')];
  beforeEach(() => said(['convert', at('zoo/press.txt'), '-o', at('out')]));

  it('passes what predicts the same', async () => {
    const { exitCode, stdout } = await said(against());
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`✓ ${at('out/press.onnx')} predicts what ${at('zoo/press.txt')} predicts: 2 rows`);
  });

  it('fails what does not, and shows where; a tolerance says how much is accepted', async () => {
    const off = { behave: () => ({ off: 0.5 }) };
    const { exitCode, stdout } = await said(against(), off);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('max difference 0.50, 0 labels changed');
    expect(stdout).toContain('row 2: y expected 12.5, got 12; a=3, b=4');
    expect((await said([...against(), '--atol', '0.6'], off)).exitCode).toBe(0);
  });
});

describe('batch', () => {
  const zoo = (...more: string[]) => ['batch', at('zoo'), '-o', at('run'), '--jobs', '1', ...more];

  it('says what there is to do, what came of it, and where to look', async () => {
    writeFiles(folder, { 'zoo/bad.txt': CONTENT.lightgbm('bad') });
    const { exitCode, stdout, stderr } = await said(zoo(), {
      behave: ({ file }) => (file === 'bad.txt' ? { error: 'UNSUPPORTED_MODEL' } : {}),
    });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('2 models; 1 at a time');
    expect(stdout).toContain('2 models: 1 converted, 1 failed');
    expect(stdout).toContain(`next: ${at('run/report.html')}`);
    for (const file of ['report.html', 'report.md', 'junit.xml', 'results.json'])
      expect(existsSync(at(`run/${file}`))).toBe(true);
  });

  it('goes on with a run, and leaves its page as it is when nothing was left to do', async () => {
    await said(zoo());
    const page = readFileSync(at('run/report.html'), 'utf8');
    const { exitCode, stdout } = await said(zoo('--resume', '--json'));
    const { run, results } = DOCUMENTS.batch.parse(JSON.parse(stdout));
    expect([exitCode, run.totals.cached, results.map(({ status }) => status)]).toEqual([0, 1, ['cached']]);
    expect(readFileSync(at('run/report.html'), 'utf8')).toBe(page);
  });

  it('registers what is verified', async () => {
    const url = `duckdb:${at('models.duckdb')}`;
    const { stdout } = await said(zoo('--register', '--registry', url));
    expect(stdout).toContain('1 new version in ');
    const registry = await openRegistry(url, { readOnly: true });
    expect((await registry.list()).map(({ name, version }) => [name, version])).toEqual([['press', 1]]);
    await registry.close();
  });

  it('says how to go on when it is interrupted', async () => {
    const interrupting = new AbortController();
    const behave = () => {
      interrupting.abort();
      return { hangs: true };
    };
    const { exitCode, stderr } = await said(zoo(), { behave }, interrupting.signal);
    expect(exitCode).toBe(130);
    expect(stderr).toContain('interrupted; go on with: predictable ');
  });

  it('refuses packages of the user on a cluster', async () => {
    await expect(said(zoo('--executor', 'ray', '--wheel', 'own.whl'))).rejects.toMatchObject({
      code: 'USAGE',
      message: '--wheel and --requirements are not taken to a Ray cluster',
    });
  });

  it('refuses two paths that make one name', async () => {
    writeFiles(folder, { 'zoo/a/b.txt': CONTENT.lightgbm(), 'zoo/a-b.txt': CONTENT.lightgbm() });
    await expect(said(zoo())).rejects.toMatchObject({ code: 'NAME_COLLISION' });
    expect(existsSync(at('run'))).toBe(false);
  });
});

it('a run goes on with the command that began it', () => {
  expect(resumeCommand(['batch', 'my zoo', '-o', 'run'])).toBe("predictable batch 'my zoo' -o run --resume");
  expect(resumeCommand(['batch', 'zoo', '--resume'])).toBe('predictable batch zoo --resume');
});
