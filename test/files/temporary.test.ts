import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { isLeft as isLeftOf } from '../../src/files/owner.js';
import { removeTemporary, TEMPORARY, temporaryFolder } from '../../src/files/temporary.js';
import { compiledModule } from '../../src/paths.js';
import { freshFolder } from '../support/folder.js';

const folder = freshFolder('temporary');
const module = JSON.stringify(compiledModule('files/temporary.js').href);
const make = (more: string) =>
  `const { temporaryFolder } = await import(${module}); console.log(temporaryFolder('model', ${JSON.stringify(folder)})); ${more}`;
const isLeft = (place: string) => isLeftOf(place, TEMPORARY);
const run = (code: string) => execFileSync(process.execPath, ['--input-type=module', '-e', code]).toString().trim();

it('is there until it is removed, and is not taken for one that was left', async () => {
  const made = temporaryFolder('model', folder);
  expect([existsSync(made), isLeft(made)]).toEqual([true, false]);
  await removeTemporary(made);
  expect(existsSync(made)).toBe(false);
});

it('goes with its process', () => {
  expect(existsSync(run(make('')))).toBe(false);
  expect(existsSync(run(make('process.exit()')))).toBe(false);
});

it('that a killed process left is removed by the next, one of a process that runs is not', async () => {
  const alive = spawn(process.execPath, ['--input-type=module', '-e', make('setInterval(() => {}, 1000)')]);
  const living = await new Promise<string>((resolve) =>
    alive.stdout.once('data', (said) => resolve(String(said).trim())),
  );
  const killed = spawn(process.execPath, ['--input-type=module', '-e', make("process.kill(process.pid, 'SIGKILL')")]);
  const left = await new Promise<string>((resolve) =>
    killed.stdout.once('data', (said) => resolve(String(said).trim())),
  );
  await new Promise((resolve) => killed.once('close', resolve));
  writeFileSync(path.join(left, 'copy-of-a-model.bin'), 'somebody’s');
  expect([isLeft(living), isLeft(left)]).toEqual([false, true]);
  run(make(''));
  expect(readdirSync(folder)).toEqual([path.basename(living)]);
  alive.kill();
  await new Promise((resolve) => alive.once('close', resolve));
});

it('of another container or another start of the system is left alone for a day', () => {
  const foreign = path.join(folder, 'predictable-model-1.2.0123456789-abcdef');
  mkdirSync(foreign);
  expect(isLeft(foreign)).toBe(false);
  const before = new Date(Date.now() - 25 * 3_600_000);
  utimesSync(foreign, before, before);
  expect(isLeft(foreign)).toBe(true);
});

it('is none that has another name, and no link or file', () => {
  const target = path.join(folder, 'of-somebody');
  mkdirSync(target);
  symlinkSync(target, path.join(folder, 'predictable-model-1.2.3-abcdef'));
  writeFileSync(path.join(folder, 'predictable-model-1.2.3-ghijkl'), '');
  for (const name of readdirSync(folder)) expect(isLeft(path.join(folder, name))).toBe(false);
});
