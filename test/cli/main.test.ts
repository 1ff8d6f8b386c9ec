import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.js';
import { DOCUMENTS } from '../../src/cli/documents.js';
import { packageVersion } from '../../src/paths.js';
import { sharedFolder } from '../support/folder.js';
import { document, predictable } from './run.js';

const folder = sharedFolder('cli');

describe('help', () => {
  it('lists every command', async () => {
    const { stdout, exitCode } = await predictable(['--help']);
    expect(exitCode).toBe(0);
    for (const { command } of COMMANDS) expect(stdout).toContain(`predictable ${command.split(' ')[0]}`);
  });

  it.each(COMMANDS.map(({ command }) => command.split(' ')[0] ?? ''))(
    'of %s has an example and says what each option does',
    async (command) => {
      const { stdout, exitCode } = await predictable([command, '--help']);
      expect(exitCode).toBe(0);
      expect(stdout).toMatch(/Examples:\n +predictable/);
      const bare = stdout.split('\n').filter((line) => /^ +(-\w, )?--[\w-]+ +\[/.test(line));
      expect(bare).toEqual([]);
    },
  );
});

describe('--version', () => {
  it('prints the version alone', async () => {
    expect(await predictable(['--version'])).toEqual({ stdout: packageVersion(), stderr: '', exitCode: 0 });
  });
});

describe('usage', () => {
  it.each([
    [[], 'predictable --help'],
    [['convrt', 'x'], 'convert'],
    [['convert'], '--help'],
    [['convert', 'x.joblib', '--no-such-option'], 'no-such-option'],
    [['convert', 'x.joblib', '--target', 'oracle'], 'sql-edge'],
    [['remove', 'iris'], 'iris@2'],
  ])('%j is refused with exit code 2 and a way on', async (args, expected) => {
    const { stdout, stderr, exitCode } = await predictable(args, { cwd: folder });
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('USAGE');
    expect(stderr).toContain(expected);
  });

  it('is a document on stdout with --json', async () => {
    const { json, ran } = await document(['convert', 'nowhere.joblib'], { cwd: folder });
    expect(ran.exitCode).toBe(2);
    expect(DOCUMENTS.error.parse(json).error.code).toBe('FILE_NOT_FOUND');
  });
});

describe('secrets', () => {
  it.each([
    ['--password=hunter22'],
    ['--registry', 'mssql://sa:hunter22@host/db'],
    ['--registry', 'Server=host;User Id=sa;Password=hunter22'],
  ])('in an argument are refused, and not repeated', async (...args) => {
    const { stdout, stderr, exitCode } = await predictable(['list', ...args], { cwd: folder });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('SECRET_IN_ARGUMENT');
    expect(stdout + stderr).not.toContain('hunter22');
  });
});

describe('settings', () => {
  it('come from predictable.yaml, and the command line wins', async () => {
    await writeFile(path.join(folder, 'predictable.yaml'), 'registry: duckdb:from-settings.duckdb\n');
    const fromFile = await predictable(['list'], { cwd: folder });
    expect(fromFile.stdout + fromFile.stderr).toContain('from-settings.duckdb');
    const fromLine = await predictable(['list', '--registry', 'duckdb:other.duckdb'], { cwd: folder });
    expect(fromLine.stdout + fromLine.stderr).toContain('other.duckdb');
  });

  it.each(['mssql://evil.example/db', 'Server=evil.example;Database=db'])(
    'cannot say that the registry, and so the password, is at %s',
    async (place) => {
      const file = path.join(folder, 'elsewhere.yaml');
      await writeFile(file, `registry: "${place}"\n`);
      const { stderr, exitCode } = await predictable(['list', '--config', file], { cwd: folder });
      expect(exitCode).toBe(2);
      expect(stderr).toContain('may not say on which server the registry is');
    },
  );

  it.each(['trust: true', 'python: /tmp/evil', 'password: x'])('cannot say `%s`', async (line) => {
    const file = path.join(folder, 'bad.yaml');
    await writeFile(file, `${line}\n`);
    const { stderr, exitCode } = await predictable(['list', '--config', file], { cwd: folder });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`may not set ${line.split(':')[0]}`);
  });
});
