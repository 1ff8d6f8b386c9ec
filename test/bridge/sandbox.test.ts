import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { InterpreterPool } from '../../src/bridge/pool.js';
import type { CallFiles } from '../../src/bridge/run-folder.js';
import { HAS_SANDBOX, missingWalls } from '../../src/bridge/sandbox.js';
import { findInterpreters, type PythonInterpreter } from '../../src/environments/interpreters.js';
import { within } from '../../src/environments/versions.js';
import { lackingWalls } from '../support/walls.js';

/** What code that a model brings may do, in the oldest and the newest Python that there are. */

const converter = fileURLToPath(new URL('attacker.py', import.meta.url));
const here = path.dirname(converter);

let folder: string;
let interpreters: PythonInterpreter[];
const pools: InterpreterPool[] = [];

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'sandbox-test-'));
  const found = await findInterpreters();
  interpreters = found.filter(({ version }) => within(version, { min: '3.8', max: '3.99' }));
});
afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const lacking = await lackingWalls();

const ends = () => [interpreters.at(-1), interpreters[0]].filter((one) => one !== undefined);

function poolOf({ path: python }: PythonInterpreter, profile: 'python' | 'java' = 'python'): InterpreterPool {
  const pool = new InterpreterPool({ python, size: 1, read: [here], profile });
  pools.push(pool);
  return pool;
}

const attack = (pool: InterpreterPool, does: string, more: object = {}, files?: CallFiles) =>
  pool.call({ action: 'convert', converter, does, ...more }, { files });

/** A folder that a call is given, and one that it writes. */
function filesOf(name: string): CallFiles {
  const [given, work] = [path.join(folder, name, 'given'), path.join(folder, name, 'work')];
  for (const made of [given, work]) mkdirSync(made, { recursive: true });
  writeFileSync(path.join(given, 'model.bin'), 'the model');
  return { given, work };
}

describe.skipIf(lacking !== '')(`code that a model brings${lacking}`, () => {
  it('stands behind all walls here', async () => {
    for (const python of ends()) {
      const pool = poolOf(python);
      await attack(pool, 'nothing');
      expect(missingWalls(pool.sandbox())).toEqual([]);
    }
  });

  it.each([
    ['reads a file of the user', 'read_secret'],
    ['reads it in a thread', 'read_secret_in_thread'],
    ['reads it in a fork', 'read_secret_in_fork'],
    ['reads it through a link', 'read_through_link'],
    ['reads it through a hard link', 'read_through_hard_link'],
    ['reads it through /proc/self/root', 'read_through_proc'],
    ['reads the environment of its parent', 'read_parent_environment'],
    ['reads the memory of its parent', 'read_parent_memory'],
    ['reads what root alone may', 'read_shadow'],
    ['lists the home of the user', 'list_home'],
    ['writes beside its folder', 'write_outside'],
    ['writes into the temporary folder', 'write_temporary'],
    ['writes beside our own code', 'write_code'],
    ['truncates a file', 'truncate_outside'],
    ['opens a socket', 'open_socket'],
    ['opens a socket of a file', 'open_unix_socket'],
    ['opens a socket for datagrams', 'open_datagram_pair'],
    ['starts a program', 'run_program'],
    ['starts a program that it wrote', 'run_own_program'],
    ['starts a program without a name', 'run_program_in_memory'],
    ['asks io_uring', 'use_io_uring'],
    ['ends another process', 'kill_parent'],
    ['traces another process', 'trace_parent'],
    ['makes a namespace of its own', 'make_namespace'],
    ['makes a device', 'make_device'],
  ])('cannot: it %s', async (_, does) => {
    const secret = path.join(folder, 'secret');
    writeFileSync(secret, 'of the user', { mode: 0o600 });
    for (const python of ends()) {
      const outcome = (await attack(poolOf(python), does, { secret, path: secret })) as { refused: string };
      expect(outcome).toEqual({ refused: expect.any(String) });
      expect(readFileSync(secret, 'utf8')).toBe('of the user');
    }
  });

  it('cannot change permissions and times: it is told that it did', async () => {
    const secret = path.join(folder, 'modes');
    writeFileSync(secret, '', { mode: 0o600 });
    for (const python of ends()) {
      expect(await attack(poolOf(python), 'change_mode', { secret })).toBe('done');
      expect(execFileSync('stat', ['-c', '%a %Y', secret]).toString()).not.toMatch(/^777| 0$/m);
    }
  });

  it('cannot take more memory than it may', async () => {
    const [python] = ends();
    if (python === undefined) throw new Error('these tests need a Python interpreter');
    const pool = new InterpreterPool({ python: python.path, size: 1, read: [here], memory: 2 ** 30 });
    pools.push(pool);
    await expect(attack(pool, 'take_memory')).rejects.toMatchObject({ code: 'OUT_OF_MEMORY' });
    expect(await attack(pool, 'nothing')).toBe(null);
  });

  it('has a network of its own where Java talks over loopback', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    for (const python of ends()) {
      const pool = poolOf(python, 'java');
      const outcome = await attack(pool, 'connect', { port });
      if (pool.sandbox().network) expect(outcome).toEqual({ refused: expect.any(String) });
      for (const does of ['open_unix_socket', 'open_datagram_pair', 'run_program', 'run_program_in_memory'])
        expect(await attack(pool, does)).toEqual({ refused: expect.any(String) });
      expect(await attack(pool, 'own_loopback')).toBe('heard');
    }
    server.close();
  });
});

describe.skipIf(!HAS_SANDBOX)('the run folder', () => {
  it('brings the model in and takes out plain files, nothing else', async () => {
    for (const [index, python] of ends().entries()) {
      const files = filesOf(`plain-${index}`);
      const pool = poolOf(python);
      const model = path.join(files.given, 'model.bin');
      const answer = await attack(
        pool,
        'write_results',
        { path: model, work: files.work, secret: '/etc/passwd' },
        files,
      );
      expect(answer).toEqual({ read: 'the model', path: model, result: path.join(files.work, 'result.txt') });
      expect(readFileSync(path.join(files.work, 'result.txt'), 'utf8')).toBe('a result');
      expect(readFileSync(path.join(files.work, 'within', 'other.txt'), 'utf8')).toBe('another');
      expect(readdirSync(files.work).sort()).toEqual(['result.txt', 'within']);
      expect(readdirSync(path.join(files.work, 'within'))).toEqual(['other.txt']);
    }
  });

  it('holds nothing of a model when the next one comes, and goes with its interpreter', async () => {
    const [python] = ends();
    if (python === undefined) throw new Error('these tests need a Python interpreter');
    const pool = poolOf(python);
    const first = filesOf('first');
    const where = (await attack(pool, 'leave_files', { work: first.work }, first)) as string[];
    for (const left of where) expect(existsSync(left)).toBe(false);
    expect(await attack(pool, 'find_files', { work: first.work }, first)).toEqual(['model.bin']);
    const [run = ''] = where;
    await pool.close();
    expect(existsSync(path.dirname(path.dirname(run)))).toBe(false);
  });

  it('cannot be written where the model is', async () => {
    const [python] = ends();
    if (python === undefined) throw new Error('these tests need a Python interpreter');
    const files = filesOf('given');
    const model = path.join(files.given, 'model.bin');
    for (const does of ['write_model', 'replace_model']) {
      expect(await attack(poolOf(python), does, { path: model }, files)).toEqual({ refused: 'PermissionError' });
      expect(readFileSync(model, 'utf8')).toBe('the model');
    }
  });

  it('gives a link among the given files to nobody', async () => {
    const [python] = ends();
    if (python === undefined) throw new Error('these tests need a Python interpreter');
    const files = filesOf('links');
    symlinkSync('/etc/passwd', path.join(files.given, 'link.bin'));
    expect(await attack(poolOf(python), 'find_files', { work: files.work }, files)).toEqual(['model.bin']);
  });
});

it.skipIf(!HAS_SANDBOX)('is the same in the oldest Python that a converter needs', () => {
  for (const { path: python } of interpreters.slice(-1)) {
    const code = 'import sys; sys.path.insert(0, sys.argv[1]); from predictable_bridge import sandbox, bytecode';
    execFileSync(python, ['-c', code, path.join(here, '..', '..', 'python')]);
  }
});

it('refuses a model where a wall is missing and all are required', async () => {
  const [python] = ends();
  if (python === undefined) throw new Error('these tests need a Python interpreter');
  const files = filesOf('required');
  const unwalled = { python: python.path, size: 1, profile: null, requireSandbox: true };
  const pool = new InterpreterPool(unwalled);
  pools.push(pool);
  const request = { path: path.join(files.given, 'model.bin') };
  await expect(attack(pool, 'nothing', request, files)).rejects.toMatchObject({
    code: 'SANDBOX_UNAVAILABLE',
    message: 'model.bin was not loaded: not in force here: files, network, exec, memory',
  });
});
