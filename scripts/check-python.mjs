// Checks the project's Python with what test/support/python-tools locks, whose environment is built first where it is missing.
//
//   node scripts/check-python.mjs [ruff] [mypy] [pytest]        default: all three; needs what scripts/prepare.mjs makes

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { environmentManifestSchema } from '../dist/converters/manifest.js';
import { ensureEnvironment } from '../dist/environments/ensure.js';
import { PredictableError } from '../dist/errors.js';

const folder = fileURLToPath(new URL('../test/support/python-tools', import.meta.url));
const manifest = environmentManifestSchema.parse(JSON.parse(readFileSync(path.join(folder, 'runtime.json'), 'utf8')));

try {
  const { python } = await ensureEnvironment({ ...manifest, folder });
  const { status } = spawnSync(python, [path.join(folder, manifest.entry), ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  process.exitCode = status ?? 2;
} catch (error) {
  if (!(error instanceof PredictableError)) throw error;
  // The hint for a missing interpreter is about an option of the command line.
  const hint = error.code === 'PYTHON_NOT_FOUND' ? undefined : error.hint;
  console.error(['Python is not checked:', error.message, hint].filter(Boolean).join(' '));
  // A machine without such a Python lacks it for most converters, too; what is here is checked elsewhere.
  process.exitCode = error.code === 'PYTHON_NOT_FOUND' ? 0 : 2;
}
