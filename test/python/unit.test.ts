/** The unit tests of our Python, a test here for each file of theirs. */

import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/paths.js';
import { pythonWithTools } from '../support/python-tools/python-tools.js';

const FOLDER = fileURLToPath(new URL('unit', import.meta.url));
const FILES = readdirSync(FOLDER).filter((name) => /^test_.*\.py$/.test(name));

describe('pytest', () => {
  let output: string;
  beforeAll(async () => {
    const python = await pythonWithTools();
    const ended = await execa(python, ['-m', 'pytest', '--tb=short', '--verbose', '--color=no'], {
      cwd: packageRoot,
      env: { PYTHONDONTWRITEBYTECODE: '1' },
      all: true,
      reject: false,
    });
    output = ended.all;
    // 1: some tests failed. Anything else, and it never got as far as all of them.
    expect(ended.exitCode, output).toBeLessThanOrEqual(1);
  }, 600_000);

  it.each(FILES)('%s', (file) => {
    const lines = output.split('\n').filter((line) => line.startsWith(`test/python/unit/${file}::`));
    const passed = lines.filter((line) => / PASSED +\[ *\d+%\]$/.test(line));
    expect(lines.length, output).toBeGreaterThan(0);
    expect(passed, output).toEqual(lines);
  });
});
