// Compiles src/ into dist/: the program, and the page of a report as one script beside its style and its frame.

import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { linkScripts } from './link-scripts.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const page = path.join(root, 'src', 'report', 'page');
const out = path.join(root, 'dist', 'report', 'page');

compile(path.join(root, 'tsconfig.json'));
compile(path.join(page, 'tsconfig.json'));
mkdirSync(out, { recursive: true });
for (const file of ['page.html', 'page.css']) copyFileSync(path.join(page, file), path.join(out, file));
writeFileSync(path.join(out, 'page.js'), linkScripts(out, 'main.js'));

function compile(project) {
  const compiler = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  // stdout stays free for what was asked for.
  const { status } = spawnSync(process.execPath, [compiler, '-p', project], { cwd: root, stdio: ['ignore', 2, 2] });
  if (status !== 0) process.exit(status ?? 2);
}
