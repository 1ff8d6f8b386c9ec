// Lint and types of Python belong here, as a step of `npm run check`; until they do, every file is compiled.

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const CODE = 'import ast, pathlib, sys\nfor f in sys.argv[1:]: ast.parse(pathlib.Path(f).read_bytes(), f)';
const files = spawnSync('git', ['ls-files', '*.py'], { cwd: root, encoding: 'utf8' }).stdout.trim().split('\n');
const { status } = spawnSync('python3', ['-c', CODE, ...files], { cwd: root, stdio: 'inherit' });
process.exit(status ?? 2);
