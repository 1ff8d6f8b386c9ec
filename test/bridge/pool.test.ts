import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { InterpreterPool } from '../../src/bridge/pool.js';
import { findInterpreters } from '../../src/environments/interpreters.js';
import { NEXT_STEPS, PredictableError } from '../../src/errors.js';

const converter = fileURLToPath(new URL('converter.py', import.meta.url));
const request = (does: string, more: object = {}) => ({ action: 'convert', converter, does, ...more });

let python: string;
let folder: string;
const pools: InterpreterPool[] = [];

function pool(options: { size?: number; logFolder?: string; env?: Record<string, string> } = {}): InterpreterPool {
  const made = new InterpreterPool({ python, size: 1, profile: null, ...options });
  pools.push(made);
  return made;
}

async function failure(call: Promise<unknown>): Promise<PredictableError> {
  const thrown = await call.then(
    (value) => expect.fail(`it answered ${JSON.stringify(value)}`),
    (error: unknown) => error,
  );
  if (!(thrown instanceof PredictableError)) throw thrown;
  return thrown;
}

beforeAll(async () => {
  const [newest] = await findInterpreters();
  if (newest === undefined) throw new Error('these tests need a Python interpreter');
  python = newest.path;
  folder = mkdtempSync(path.join(tmpdir(), 'bridge-test-'));
});

afterEach(async () => {
  await Promise.all(pools.splice(0).map((made) => made.close()));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('calls', () => {
  it('hands any text over and back unchanged', async () => {
    const one = pool();
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
        expect(await one.call(request('echo', { text }))).toBe(text);
      }),
      { numRuns: 50 },
    );
    const long = 'åäö\n"'.repeat(1_000_000);
    expect(await one.call(request('echo', { text: long }))).toBe(long);
  });

  it('spreads over the interpreters that there are, and keeps them for the next calls', async () => {
    const two = pool({ size: 2 });
    const pids = async () => {
      const all = await Promise.all(Array.from({ length: 6 }, () => two.call(request('pid'))));
      return new Set(all.map((one) => (one as { pid: number }).pid));
    };
    const first = await pids();
    expect(first.size).toBe(2);
    expect(await pids()).toEqual(first);
  });

  it('uses the interpreter that was warmed', async () => {
    const one = pool({ size: 2 });
    await one.warm(converter);
    expect(await one.call(request('pid'))).toMatchObject({ started: 1 });
  });

  it('gives a converter its neighbours, and keeps the bridge out of its import path', async () => {
    const {
      path: searched,
      bridge,
      neighbour,
    } = (await pool().call(request('paths'))) as {
      path: string[];
      bridge: boolean;
      neighbour: string;
    };
    expect(neighbour).toBe(path.join(path.dirname(converter), 'neighbour.py'));
    expect(bridge).toBe(false);
    expect(searched.filter((entry) => entry.includes('pythonia'))).toEqual([]);
  });

  it('gives a converter that works for another its own neighbours, of the same names', async () => {
    const beside = (...names: string[]) => path.join(path.dirname(converter), ...names);
    expect(await pool().call(request('ask_another'))).toEqual({
      before: beside('neighbour.py'),
      theirs: beside('other', 'neighbour.py'),
      after: beside('neighbour.py'),
    });
  });
});

describe('errors of a converter', () => {
  it('come through as they were raised', async () => {
    expect((await failure(pool().call(request('fail')))).toJSON()).toEqual({
      code: 'MISSING_COLUMNS',
      message: 'no names',
      hint: 'give --columns',
      details: { columns: 3 },
    });
  });

  it.each(NEXT_STEPS)('say that %s comes next, which is no detail', async (next) => {
    const error = await failure(pool().call(request('fail_next', { next })));
    expect(error.next).toBe(next);
    expect(error.toJSON()).toEqual({
      code: 'UNSUPPORTED_MODEL',
      message: 'of another version',
      details: { saved: '1.0' },
    });
  });

  it.each(['fail_next', 'fail_unchecked'])(
    '%s: a next step that nobody knows is a failure of the converter',
    async (does) => {
      const error = await failure(pool().call(request(does, { next: 'other-raod' })));
      expect(error).toMatchObject({ code: 'CONVERTER_FAILED', next: undefined });
      expect(error.message).toContain('other-r');
    },
  );

  it.each([
    ['import', 'MISSING_MODULE', 'acme_features'],
    ['memory', 'OUT_OF_MEMORY', 'memory'],
    ['full_disk', 'DISK_FULL', 'work/weights: No space left on device'],
    ['nan', 'CONVERTER_FAILED', 'JSON'],
    ['system_exit', 'CONVERTER_FAILED', 'enough'],
    ['nothing_like_this', 'CONVERTER_FAILED', 'nothing_like_this'],
  ])('%s is %s, and the interpreter goes on', async (does, code, named) => {
    const one = pool();
    const before = await one.call(request('pid'));
    const error = await failure(one.call(request(does, { path: '/models/press.joblib' })));
    expect(error.code).toBe(code);
    expect(error.message).toContain('press.joblib');
    expect(error.message).toContain(named);
    expect(await one.call(request('pid'))).toEqual(before);
  });

  it('name the converter that is not there', async () => {
    const error = await failure(pool().call({ action: 'convert', converter: '/nowhere/converter.py' }));
    expect(error.code).toBe('CONVERTER_FAILED');
    expect(error.message).toContain('converter.py');
  });
});

describe('the end of an interpreter', () => {
  it.each([
    ['exit', {}, 7, 'the last words'],
    ['kill', { signal: 'SIGKILL' }, 'SIGKILL', ''],
    ['segfault', {}, 'SIGSEGV', 'Segmentation fault'],
  ])('in the middle of a call (%s %j) rejects it, and the next call is answered', async (does, more, exit, said) => {
    const one = pool();
    const before = await one.call(request('pid'));
    const error = await failure(one.call(request(does, { ...more, path: '/models/press.joblib' })));
    expect(error.code).toBe('CONVERTER_CRASHED');
    expect(error.message).toContain('press.joblib');
    expect(error.details?.exit).toBe(exit);
    expect(JSON.stringify(error.details?.log)).toContain(said);
    expect(await one.call(request('pid'))).not.toEqual(before);
  });

  it('before its first answer rejects the call', async () => {
    const error = await failure(pool().call(request('exit')));
    expect(error.code).toBe('CONVERTER_CRASHED');
  });

  it('rejects only its own call', async () => {
    const two = pool({ size: 2 });
    const calls = [request('exit'), request('pid'), request('exit'), request('pid'), request('pid')];
    const ends = await Promise.allSettled(calls.map((one) => two.call(one)));
    expect(ends.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
  });

  it('between two calls is made good by a new one', async () => {
    const one = pool();
    const { pid } = (await one.call(request('pid'))) as { pid: number };
    process.kill(pid, 'SIGKILL');
    await gone([pid]);
    const next = await one.call(request('pid')).catch((error: unknown) => error);
    // The news of the end and the call may cross: then this call is rejected, and the next one is answered.
    if (next instanceof PredictableError) {
      expect(next.code).toBe('CONVERTER_CRASHED');
      expect(await one.call(request('pid'))).not.toMatchObject({ pid });
    } else {
      expect(next).not.toMatchObject({ pid });
    }
  });

  it('is noticed when it only stops listening', async () => {
    expect((await failure(pool().call(request('close_channel')))).code).toBe('CONVERTER_CRASHED');
  });

  it('that cannot even start names the reason', async () => {
    const none = new InterpreterPool({ profile: null, python: '/nowhere/bin/python', size: 1 });
    pools.push(none);
    const error = await failure(none.call(request('pid')));
    expect(error.code).toBe('ENVIRONMENT_FAILED');
    expect(error.message).toContain('/nowhere/bin/python');
  });
});

describe('a call that takes too long', () => {
  it.runIf(process.platform !== 'win32')('is ended where the interpreter never says that it is there', async () => {
    const pids = path.join(folder, 'silent');
    const silent = path.join(folder, 'silent-python');
    writeFileSync(silent, `#!/bin/sh\necho $$ > '${pids}'\nexec sleep 600\n`, { mode: 0o755 });
    const one = new InterpreterPool({ python: silent, size: 1, profile: null });
    pools.push(one);
    // Who looks at the walls first waits for them, and for no longer.
    const error = await failure(one.call(request('pid'), { timeout: 1_000, admit: () => undefined }));
    expect(error.code).toBe('CONVERTER_TIMEOUT');
    await gone([Number(readFileSync(pids, 'utf8'))]);
  });

  it('is ended at its deadline, with all that it started', async () => {
    const one = pool();
    await one.call(request('pid'));
    const pids = path.join(folder, 'deadline');
    const call = failure(one.call(request('sleep', { pids, path: 'slow.joblib' }), { timeout: 1_500 }));
    const family = await familyIn(pids);
    const error = await call;
    expect(error.code).toBe('CONVERTER_TIMEOUT');
    expect(error.message).toContain('slow.joblib took longer than 1.5 s');
    expect(family.filter(isAlive)).toEqual([]);
    expect(await one.call(request('echo', { text: 'again' }))).toBe('again');
  });

  it('can be cancelled, with all that it started', async () => {
    const one = pool();
    const pids = path.join(folder, 'cancelled');
    const controller = new AbortController();
    const call = failure(one.call(request('sleep', { pids }), { signal: controller.signal }));
    const family = await familyIn(pids);
    controller.abort();
    expect((await call).code).toBe('CANCELLED');
    expect(family.filter(isAlive)).toEqual([]);
  });

  it('can be cancelled while it waits for an interpreter', async () => {
    const one = pool();
    const controller = new AbortController();
    const pids = path.join(folder, 'waiting');
    const running = failure(one.call(request('sleep', { pids })));
    const waiting = failure(one.call(request('pid'), { signal: controller.signal }));
    controller.abort();
    expect((await waiting).code).toBe('CANCELLED');
    await familyIn(pids);
    const late = failure(one.call(request('pid')));
    await one.close();
    expect((await running).code).toBe('CANCELLED');
    expect((await late).code).toBe('CANCELLED');
    expect((await failure(one.call(request('pid')))).code).toBe('CANCELLED');
  });
});

describe('what an interpreter sees and says', () => {
  it('has nothing of the secrets around us', async () => {
    const secrets = ['PREDICTABLE_PASSWORD', 'AWS_SECRET_ACCESS_KEY', 'GITHUB_TOKEN', 'PIP_INDEX_URL', 'DB_PASSWORD'];
    for (const name of secrets) process.env[name] = 'geheim';
    process.env.PYTHONSTARTUP = '/nowhere';
    try {
      const seen = (await pool({ env: { EXTRA: 'given' } }).call(request('environment'))) as Record<string, string>;
      expect(JSON.stringify(seen)).not.toContain('geheim');
      expect(seen).toMatchObject({ PYTHONHASHSEED: '0', PYTHONNOUSERSITE: '1', OMP_NUM_THREADS: '1', EXTRA: 'given' });
      expect(Object.keys(seen)).not.toContain('PYTHONSTARTUP');
      expect(seen.PATH).toBe(process.env.PATH);
    } finally {
      for (const name of [...secrets, 'PYTHONSTARTUP']) delete process.env[name];
    }
  });

  it('is kept in its log, nothing reaches our own output, and its input is empty', async () => {
    const logFolder = path.join(folder, 'logs');
    const script = `
      import { InterpreterPool } from ${JSON.stringify(new URL('../../dist/bridge/pool.js', import.meta.url).href)};
      const pool = new InterpreterPool(${JSON.stringify({ profile: null, python, size: 1, logFolder })});
      const value = await pool.call(${JSON.stringify(request('flood', { lines: 10_000 }))});
      await pool.call(${JSON.stringify(request('exit'))}).catch(() => undefined);
      await pool.close();
      console.log(JSON.stringify(value));`;
    const node = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'pipe'] });
    const said = { stdout: '', stderr: '' };
    node.stdout.on('data', (data: Buffer) => (said.stdout += data.toString()));
    node.stderr.on('data', (data: Buffer) => (said.stderr += data.toString()));
    await new Promise((resolve) => node.on('close', resolve));
    expect(said).toEqual({ stdout: '""\n', stderr: '' });
    const log = readdirSync(logFolder).map((file) => readFileSync(path.join(logFolder, file), 'utf8'));
    expect(log.join('')).toContain('flood of stdout\n');
    expect(log.join('')).toMatch(/raw stdout\nraw stderr\nfrom a child\nfrom a child\n/);
  });
});

describe('the death of our own process', () => {
  it.each(['SIGKILL', 'SIGTERM', 'exit'] as const)('by %s leaves nothing behind', async (how) => {
    const pids = path.join(folder, `orphans-${how}`);
    const script = `
      import { InterpreterPool } from ${JSON.stringify(new URL('../../dist/bridge/pool.js', import.meta.url).href)};
      const pool = new InterpreterPool(${JSON.stringify({ profile: null, python, size: 1 })});
      process.stdin.on('data', () => process.exit(0));
      await pool.call(${JSON.stringify(request('sleep', { pids }))});`;
    const node = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['pipe', 'inherit', 'inherit'],
    });
    const family = await familyIn(pids);
    expect(family.filter(isAlive)).toHaveLength(3);
    const ended = new Promise((resolve) => node.on('exit', resolve));
    if (how === 'exit') node.stdin.write('now');
    else node.kill(how);
    await ended;
    await gone(family);
  });

  it('does not happen because of an idle interpreter: the program ends by itself', async () => {
    const script = `
      import { InterpreterPool } from ${JSON.stringify(new URL('../../dist/bridge/pool.js', import.meta.url).href)};
      const pool = new InterpreterPool(${JSON.stringify({ profile: null, python, size: 1 })});
      process.stdout.write(String((await pool.call(${JSON.stringify(request('pid'))})).pid));`;
    const node = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let pid = '';
    node.stdout.on('data', (data: Buffer) => (pid += data.toString()));
    expect(await new Promise((resolve) => node.on('close', resolve))).toBe(0);
    await gone([Number(pid)]);
  });
});

/** The process ids that the converter wrote, as soon as they are there. */
async function familyIn(file: string): Promise<number[]> {
  await new Promise<void>((resolve) => {
    const watcher = watch(path.dirname(file), () => look());
    const look = () => {
      if (!existsSync(file)) return;
      watcher.close();
      resolve();
    };
    look();
  });
  return readFileSync(file, 'utf8').split(' ').map(Number);
}

/** Resolves when none of the processes runs any more; the test's own time limit ends the wait. */
async function gone(pids: number[]): Promise<void> {
  while (pids.some(isAlive)) await new Promise((resolve) => setImmediate(resolve));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A process that nobody has collected yet runs no more.
    return process.platform !== 'linux' || !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
