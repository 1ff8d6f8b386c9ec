// Compiles src/ into dist/: the program, packages that it has inside, and the page of a report as one script beside its
// style and its frame.

import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.mjs';
import { linkScripts } from './link-scripts.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const page = path.join(root, 'src', 'report', 'page');
const out = path.join(root, 'dist', 'report', 'page');

// What a source that is gone once became must not be packed.
rmSync(path.join(root, 'dist'), { recursive: true, force: true });
compile(path.join(root, 'tsconfig.json'));
await bundle(path.join(root, 'dist', 'bundled'));
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
