import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  watch,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EnvironmentManifest } from '../../src/converters/manifest.js';
import { downloadWheels } from '../../src/environments/download.js';
import { type BuildProgress, ensureEnvironment, environmentState } from '../../src/environments/ensure.js';
import { PredictableError } from '../../src/errors.js';
import { Workshop } from './workshop.js';

const workshop = new Workshop();
let tiny: string;

beforeAll(async () => {
  await workshop.open();
  tiny = workshop.wheel('tiny', '1.0');
  workshop.wheel('tiny', '2.0');
});

afterAll(() => workshop.close());

async function failure(promise: Promise<unknown>): Promise<PredictableError> {
  const thrown = await promise.then(
    () => expect.fail('it succeeded'),
    (error: unknown) => error,
  );
  if (!(thrown instanceof PredictableError)) throw thrown;
  return thrown;
}

const run = (python: string, code: string) => execFileSync(python, ['-c', code], { encoding: 'utf8' }).trim();
const environments = path.join(workshop.cache, 'environments');
const remains = () =>
  existsSync(environments) ? readdirSync(environments).filter((name) => /^\.|\.lock/.test(name)) : [];

describe('a build', () => {
  it('has the locked packages, works where it lies, and is found again', async () => {
    const manifest = workshop.manifest(tiny);
    expect(await environmentState(manifest)).toMatchObject({ state: 'not built', name: 'tiny' });
    const progress: BuildProgress[] = [];
    const first = await ensureEnvironment(manifest, { onProgress: (one) => progress.push(one) });
    expect(first.built).toBe(true);
    const said = run(first.python, 'import sys, tiny; print(tiny.VERSION, sys.prefix, sys.version.split()[0])');
    expect(said).toBe(`1.0 ${first.folder} ${first.interpreter.version}`);
    expect(progress).toContainEqual({ phase: 'collecting', package: 'tiny', done: 1, total: 1 });
    expect(progress.at(-1)).toEqual({ phase: 'ready', done: 1, total: 1 });
    expect(await ensureEnvironment(manifest)).toEqual({ ...first, built: false });
    expect(await environmentState(manifest)).toMatchObject({ state: 'ready', folder: first.folder });
    expect(remains()).toEqual([]);
  });

  it('differs with the lock and with the interpreter, and holds nothing that names another folder', async () => {
    const one = await ensureEnvironment(workshop.manifest(tiny));
    const other = await ensureEnvironment(workshop.manifest(''));
    expect(one.folder).not.toBe(other.folder);
    expect(readdirSync(path.dirname(one.python)).filter((name) => !name.startsWith('python'))).toEqual([]);
  });

  it('is made again when its Python has gone', async () => {
    const manifest = workshop.manifest('');
    const { python } = await ensureEnvironment(manifest);
    rmSync(python);
    symlinkSync('/nowhere/python', python);
    expect(await environmentState(manifest)).toMatchObject({ state: 'not built' });
    const again = await ensureEnvironment(manifest);
    expect(again).toMatchObject({ built: true, python });
    expect(run(again.python, 'print(1)')).toBe('1');
    expect(remains()).toEqual([]);
  });

  it('that is killed is never taken for a good one', async () => {
    const manifest = workshop.manifest(tiny);
    mkdirSync(environments, { recursive: true });
    const begun = appears(environments, (name) => name.startsWith('.building-'));
    const builder = builderProcess(manifest);
    await begun;
    builder.kill('SIGKILL');
    await ended(builder);
    expect(await environmentState(manifest)).toMatchObject({ state: 'not built' });
    expect((await ensureEnvironment(manifest)).built).toBe(true);
    expect(remains()).toEqual([]);
  });

  it('is done once when two processes want it', async () => {
    const manifest = workshop.manifest(tiny);
    const results = await Promise.all([outputOf(builderProcess(manifest)), outputOf(builderProcess(manifest))]);
    const built = results.map((text) => JSON.parse(text) as { built: boolean; folder: string });
    expect(built.map((one) => one.built).sort()).toEqual([false, true]);
    expect(built[0]?.folder).toBe(built[1]?.folder);
    expect(remains()).toEqual([]);
  });

  it.each([
    ['of a process that has died', { pid: 2 ** 22 + 1 }, new Date()],
    ['of another machine that has been silent', { host: 'elsewhere' }, new Date(Date.now() - 3_600_000)],
    ['that is empty and old', undefined, new Date(Date.now() - 3_600_000)],
  ])('does not wait for a lock %s', async (_, owner, touched) => {
    const manifest = workshop.manifest('');
    const state = await environmentState(manifest);
    if (state.state === 'no interpreter') throw state.error;
    mkdirSync(environments, { recursive: true });
    const { hostname } = await import('node:os');
    const whole = { id: 'x', pid: process.pid, host: hostname(), started: null, ...owner };
    writeFileSync(`${state.folder}.lock`, owner === undefined ? '' : JSON.stringify(whole));
    utimesSync(`${state.folder}.lock`, touched, touched);
    expect((await ensureEnvironment(manifest)).built).toBe(true);
    expect(remains()).toEqual([]);
  });

  it('can be cancelled, and leaves nothing', async () => {
    const manifest = workshop.manifest(tiny);
    const controller = new AbortController();
    const onProgress = ({ phase }: BuildProgress) => phase === 'collecting' && controller.abort();
    const error = await failure(ensureEnvironment(manifest, { onProgress, signal: controller.signal }));
    expect(error.code).toBe('CANCELLED');
    expect(remains()).toEqual([]);
    expect(await environmentState(manifest)).toMatchObject({ state: 'not built' });
    expect((await failure(ensureEnvironment(manifest, { signal: AbortSignal.abort() }))).code).toBe('CANCELLED');
  });
});

describe('a build that fails', () => {
  it.each([
    ['a wrong hash', `tiny==1.0 --hash=sha256:${'0'.repeat(64)}\n`, 'DO NOT MATCH THE HASHES', 'tiny'],
    [
      'a version that nobody has',
      `tiny==9.9 --hash=sha256:${'0'.repeat(64)}\n`,
      'No matching distribution',
      'tiny==9.9',
    ],
    ['no hash', 'tiny==1.0\n', 'Hashes are required', 'tiny==1.0'],
  ])(
    'for %s gives pip’s reason in a few lines, keeps the log and leaves nothing else',
    async (_, lock, said, named) => {
      const manifest = workshop.manifest(lock);
      const error = await failure(ensureEnvironment(manifest));
      expect(error.code).toBe('ENVIRONMENT_FAILED');
      expect(error.message).toContain('The tiny environment could not be built');
      expect(error.message).toContain(said);
      expect(error.message).toContain(named);
      expect(error.message.length).toBeLessThan(1_000);
      const log = String(error.details?.log);
      expect(error.hint).toContain(log);
      expect(readFileSync(log, 'utf8')).toContain('ERROR');
      expect(remains()).toEqual([]);
      expect(await environmentState(manifest)).toMatchObject({ state: 'not built' });
    },
  );

  it('says nothing of the password of an index', async () => {
    workshop.set({ PIP_NO_INDEX: undefined, PIP_RETRIES: '0', PIP_DEFAULT_TIMEOUT: '2' });
    workshop.set({ PIP_INDEX_URL: 'http://anna:geh%23eim@127.0.0.1:9/simple' });
    try {
      const error = await failure(ensureEnvironment(workshop.manifest('absent==1 --hash=sha256:00\n')));
      expect(error.code).toBe('ENVIRONMENT_FAILED');
      const whole = JSON.stringify(error) + readFileSync(String(error.details?.log), 'utf8');
      expect(whole).toContain('127.0.0.1');
      expect(whole).not.toMatch(/geh%23eim|geh#eim|anna/);
    } finally {
      workshop.set({
        PIP_NO_INDEX: '1',
        PIP_RETRIES: undefined,
        PIP_DEFAULT_TIMEOUT: undefined,
        PIP_INDEX_URL: undefined,
      });
    }
  });

  it('because the converter cannot be imported says why', async () => {
    const error = await failure(ensureEnvironment(workshop.manifest('', 'import not_in_the_lock\n')));
    expect(error.code).toBe('ENVIRONMENT_FAILED');
    expect(error.message).toContain("No module named 'not_in_the_lock'");
    expect(remains()).toEqual([]);
  });
});

describe('no interpreter', () => {
  const future = { min: '3.98', max: '3.99' };

  it('is said in one sentence with the way to get one', async () => {
    const manifest = workshop.manifest('', '', future);
    const error = await failure(ensureEnvironment(manifest));
    expect(error.code).toBe('PYTHON_NOT_FOUND');
    expect(error.message).toMatch(/^Tiny needs Python 3\.98 to 3\.99: found only 3\.\d+\.\d+/);
    expect(error.hint).toContain('--python');
    expect(await environmentState(manifest)).toMatchObject({ state: 'no interpreter', name: 'tiny' });
  });

  it('for --python says what it is instead', async () => {
    const { interpreter } = await ensureEnvironment(workshop.manifest(''));
    const old = await failure(ensureEnvironment(workshop.manifest('', '', future), { python: interpreter.path }));
    expect(old.code).toBe('PYTHON_NOT_FOUND');
    expect(old.message).toContain(`${interpreter.path} is Python ${interpreter.version}, but Tiny needs`);
    const none = await failure(ensureEnvironment(workshop.manifest(''), { python: '/bin/ls' }));
    expect(none.code).toBe('PYTHON_NOT_FOUND');
    expect(none.message).toContain('--python /bin/ls is no Python 3');
  });
});

describe('the user’s own packages', () => {
  it('make an environment of its own on top of the lock', async () => {
    const manifest = workshop.manifest(tiny);
    const plain = await ensureEnvironment(manifest);
    const folder = path.join(workshop.folder, 'own');
    workshop.wheel('acme', '0.1', ['tiny'], folder);
    const wheels = [path.join(folder, 'acme-0.1-py3-none-any.whl')];
    const own = await ensureEnvironment(manifest, { wheels });
    expect(own.folder).not.toBe(plain.folder);
    expect(run(own.python, 'import acme, tiny; print(acme.VERSION, tiny.VERSION)')).toBe('0.1 1.0');
    expect((await ensureEnvironment(manifest, { wheels })).built).toBe(false);
    workshop.wheel('acme', '0.1', ['tiny>=1'], folder);
    expect((await ensureEnvironment(manifest, { wheels })).folder).not.toBe(own.folder);
  });

  it('that fight with the lock are refused', async () => {
    const requirements = path.join(workshop.folder, 'requirements.txt');
    writeFileSync(requirements, 'tiny==2.0\n');
    const error = await failure(ensureEnvironment(workshop.manifest(tiny), { requirements }));
    expect(error.code).toBe('ENVIRONMENT_FAILED');
    expect(error.message).toContain('tiny==2.0');
    expect(remains()).toEqual([]);
  });

  it('that are not there are named', async () => {
    const error = await failure(ensureEnvironment(workshop.manifest(tiny), { wheels: ['/nowhere/acme.whl'] }));
    expect(error.code).toBe('FILE_NOT_FOUND');
    expect(error.message).toContain('/nowhere/acme.whl');
  });
});

describe('without a network', () => {
  it('a folder that was filled elsewhere is enough', async () => {
    const manifest = workshop.manifest(tiny);
    const folder = path.join(workshop.folder, 'wheelhouse');
    const { files, interpreter } = await downloadWheels(manifest, folder);
    expect(files).toEqual(['tiny-1.0-py3-none-any.whl']);
    expect(interpreter.version).toMatch(/^3\./);
    workshop.set({ PIP_FIND_LINKS: undefined, PIP_NO_INDEX: undefined });
    try {
      expect((await ensureEnvironment(manifest, { wheelhouse: folder })).built).toBe(true);
    } finally {
      workshop.set({ PIP_FIND_LINKS: workshop.wheels, PIP_NO_INDEX: '1' });
    }
  });
});

function builderProcess(manifest: EnvironmentManifest): ChildProcess {
  const ensure = new URL('../../dist/environments/ensure.js', import.meta.url).href;
  const script = `
    import { ensureEnvironment } from ${JSON.stringify(ensure)};
    process.stdout.write(JSON.stringify(await ensureEnvironment(${JSON.stringify(manifest)})));`;
  return spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
}

async function outputOf(child: ChildProcess): Promise<string> {
  let text = '';
  child.stdout?.on('data', (data: Buffer) => {
    text += data.toString();
  });
  await ended(child);
  return text;
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => child.on('close', () => resolve()));
}

function appears(folder: string, matches: (name: string) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const watcher = watch(folder, (_, name) => {
      if (name === null || !matches(name)) return;
      watcher.close();
      resolve();
    });
  });
}
