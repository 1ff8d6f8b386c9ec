// Makes a fresh clone runnable: installs Node packages and compiles when something is missing or older than its source.
// Quick when nothing is: two comparisons of times.

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const installed = path.join(root, 'node_modules', '.installed-lock');
const built = path.join(root, 'dist', '.built');

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`predictable needs Node 20.19 or newer; this is ${process.versions.node}.`);
  process.exit(2);
}

const lock = readFileSync(path.join(root, 'package-lock.json'), 'utf8');
if (!existsSync(installed) || readFileSync(installed, 'utf8') !== lock) {
  console.error('installing Node packages …');
  // Not `npm ci`: it refuses a lock without the optional packages of platforms that the writing machine's registry did not have.
  run('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error']);
  writeFileSync(installed, lock);
}

if (!existsSync(built) || newest(path.join(root, 'src')) > statSync(built).mtimeMs) {
  console.error('compiling …');
  run(process.execPath, [path.join(root, 'scripts', 'build.mjs')]);
  writeFileSync(built, '');
}

function newest(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Math.max(...files.map((entry) => statSync(path.join(entry.parentPath, entry.name)).mtimeMs));
}

function run(command, args) {
  // stdout stays free for what was asked for.
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (status !== 0) process.exit(status ?? 2);
}
