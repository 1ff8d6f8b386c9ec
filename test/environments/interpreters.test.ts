import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { findInterpreters } from '../../src/environments/interpreters.js';
import { compareVersions, minorOf, within } from '../../src/environments/versions.js';

const folder = mkdtempSync(path.join(tmpdir(), 'interpreters-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the interpreters of this machine', () => {
  it('are what they say, each once, newest first', async () => {
    const found = await findInterpreters();
    expect(found.length).toBeGreaterThan(0);
    for (const { path: python, version } of found.slice(0, 3)) {
      const said = execFileSync(python, ['-c', 'import platform; print(platform.python_version())'], {
        encoding: 'utf8',
      });
      expect(said.trim()).toBe(version);
    }
    const versions = found.map(({ version }) => version);
    expect(versions).toEqual([...versions].sort((a, b) => compareVersions(b, a)));
    expect(new Set(found.map(({ path: python }) => python)).size).toBe(found.length);
  });

  it('include the one that the user names, by path or by name', async () => {
    const [newest] = await findInterpreters();
    const named = await findInterpreters({ python: newest?.path });
    expect(named.find(({ source }) => source === '--python')).toMatchObject({ path: newest?.path });
    expect((await findInterpreters({ python: 'python3' })).some(({ source }) => source === '--python')).toBe(true);
  });

  it('are found beside folders and programs that nobody can look into', async () => {
    const loop = path.join(folder, 'loop');
    symlinkSync('loop', loop);
    const { PATH, PYENV_ROOT } = process.env;
    Object.assign(process.env, { PATH: [loop, path.join(loop, 'bin'), PATH].join(path.delimiter), PYENV_ROOT: loop });
    try {
      expect((await findInterpreters()).some(({ source }) => source === 'PATH')).toBe(true);
    } finally {
      Object.assign(process.env, { PATH, PYENV_ROOT: PYENV_ROOT ?? '' });
    }
  });

  it('do not include what only looks like one', async () => {
    for (const [name, text] of [
      ['python3', '#!/bin/sh\necho Python 3.12.0'],
      ['python3.12', '#!/bin/sh\nexit 1'],
      ['python', 'no program at all'],
    ] as const) {
      writeFileSync(path.join(folder, name), text);
      chmodSync(path.join(folder, name), 0o755);
    }
    const before = process.env.PATH;
    process.env.PATH = `${folder}${path.delimiter}${before}`;
    try {
      const found = await findInterpreters();
      expect(found.filter(({ path: python }) => python.startsWith(folder))).toEqual([]);
    } finally {
      process.env.PATH = before;
    }
  });
});

describe('versions', () => {
  const version = fc.tuple(fc.nat(20), fc.nat(20), fc.nat(20)).map((parts) => parts.join('.'));

  it('have one order', () => {
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        expect(Math.sign(compareVersions(a, b))).toBe(-Math.sign(compareVersions(b, a)) + 0);
        if (compareVersions(a, b) <= 0 && compareVersions(b, c) <= 0)
          expect(compareVersions(a, c)).toBeLessThanOrEqual(0);
        expect(compareVersions(a, b) === 0).toBe(a === b);
      }),
    );
  });

  it('lie within a range by their minor version', () => {
    expect(minorOf('3.11.7')).toBe('3.11');
    const range = { min: '3.9', max: '3.11' };
    const fits = ['3.8.18', '3.9.0', '3.10.2', '3.11.99', '3.12.0'].map((one) => within(one, range));
    expect(fits).toEqual([false, true, true, true, false]);
    expect(compareVersions('3.14.0-candidate1', '3.9.0')).toBeLessThan(0);
  });
});
