// Every fault of every stage, and every cut of every step, many times: what `npm test` tries a little of. An argument narrows it,
// as vitest takes it; a seed, which failures tell, chooses the same moments again:
//
//     npm run test:faults -- -t rollback
//     PREDICTABLE_TEST_SEED=1234 npm run test:faults -- test/faults

import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const FILES = [
  'test/faults/disturbed.slow.test.ts',
  'test/registry/mssql/cuts.slow.test.ts',
  'test/registry/mssql/faults.slow.test.ts',
  'test/converters/damaged-boosters.slow.test.ts',
];
const vitest = path.join(root, 'node_modules', 'vitest', 'vitest.mjs');
const { status } = spawnSync(
  process.execPath,
  [vitest, 'run', '--project', 'main', ...FILES, ...process.argv.slice(2)],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PREDICTABLE_TEST_FAULTS: 'all' },
  },
);
process.exit(status ?? 2);
