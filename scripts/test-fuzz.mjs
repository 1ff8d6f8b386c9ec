// 10,000 damaged files for each parser: what `npm test` tries a little of. An argument narrows it, as vitest takes it:
//
//     npm run test:fuzz -- -t CatBoost
//
// PREDICTABLE_TEST_FUZZ=N gives each N files, PREDICTABLE_TEST_FUZZ_FROM=N begins with another than the first.

import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const vitest = path.join(root, 'node_modules', 'vitest', 'vitest.mjs');
const { status } = spawnSync(
  process.execPath,
  [vitest, 'run', '--project', 'main', 'test/fuzz', ...process.argv.slice(2)],
  { cwd: root, stdio: 'inherit', env: { PREDICTABLE_TEST_FUZZ: '10000', ...process.env } },
);
process.exit(status ?? 2);
