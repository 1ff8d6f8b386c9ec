import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { guardScript } from '../../src/bridge/guarded-spawn.js';
import { findInterpreters, type PythonInterpreter } from '../../src/environments/interpreters.js';
import { within } from '../../src/environments/versions.js';

const folder = mkdtempSync(path.join(tmpdir(), 'guard-test-'));
let interpreters: PythonInterpreter[];

beforeAll(async () => {
  const found = await findInterpreters();
  interpreters = found.filter(({ version }) => within(version, { min: '3.8', max: '3.99' }));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Oldest and newest that there are: the guard runs before every converter, whatever its Python. */
const ends = () => [interpreters.at(-1), interpreters[0]].filter((one) => one !== undefined);

describe('the guard', () => {
  it.each([
    ['pass', 0, null],
    ['raise SystemExit(3)', 3, null],
    ['import os, signal; os.kill(os.getpid(), signal.SIGTERM)', null, 'SIGTERM'],
    ['import sys; assert sys.stdin.read() == "" and sys.argv[1:] == ["a", "b"]', 0, null],
  ])('ends as its script ends: %s', async (code, status, signal) => {
    const script = path.join(folder, 'script.py');
    writeFileSync(script, code);
    for (const { path: python } of ends()) {
      const child = spawn(python, [guardScript, script, 'a', 'b'], { stdio: ['pipe', 'ignore', 'ignore'] });
      const ended = await new Promise((resolve) => child.on('exit', (...how) => resolve(how)));
      expect(ended).toEqual([status, signal]);
    }
  });

  it('keeps a flooded log short, and its newest part', () => {
    const log = path.join(folder, 'flood.log');
    for (const { path: python } of ends()) {
      const code = `
import os, sys
sys.path.insert(0, ${JSON.stringify(path.dirname(guardScript))})
import guard
log = os.open(${JSON.stringify(log)}, os.O_RDWR | os.O_CREAT | os.O_APPEND)
os.write(log, b"x" * guard.LOG_LIMIT)
guard.bound(log)
assert os.fstat(log).st_size == guard.LOG_LIMIT
os.write(log, b"the end")
guard.bound(log)
os.write(log, b", and on")`;
      execFileSync(python, ['-c', code]);
      expect(statSync(log).size).toBe(64 * 1024 + ', and on'.length);
      expect(readFileSync(log, 'utf8')).toMatch(/x{1000}the end, and on$/);
      rmSync(log);
    }
  });
});
