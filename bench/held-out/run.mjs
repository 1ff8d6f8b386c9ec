// node bench/held-out/run.mjs [--folder FOLDER] [--only NAME …] [--failing] [--every N] [--targets TARGET …] [--jobs N] [--json FILE] [--page FILE]
//
// Needs what scripts/prepare.mjs makes. Names may be beginnings. `--failing`: what did not hold in the last run of this
// folder. Models and what their originals predict are made once for each folder.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { work } from '../prepare.mjs';
import { heldOut } from './battery.mjs';
import { page } from './page.mjs';
import { ended, totals } from './report.mjs';

const { values: given, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    folder: { type: 'string', default: path.join(work, 'held-out') },
    only: { type: 'string', multiple: true, default: [] },
    failing: { type: 'boolean', default: false },
    every: { type: 'string', default: '1' },
    targets: { type: 'string' },
    jobs: { type: 'string' },
    json: { type: 'string' },
    page: { type: 'string' },
  },
});
const names = [...given.only, ...positionals];
const kept = path.join(given.folder, 'results.json');
const before = existsSync(kept) ? JSON.parse(readFileSync(kept, 'utf8')) : [];
const now = new Map(before.map((result) => [`${result.name} ${result.target}`, result]));
const failed = new Set(before.filter((result) => !holds(result)).map(({ name }) => name));

const results = await heldOut({
  folder: given.folder,
  choose: (all) =>
    all
      .filter((_, at) => at % Number(given.every) === 0)
      .filter(({ name }) => names.length === 0 || names.some((start) => name.startsWith(start)))
      .filter(({ name }) => !given.failing || failed.has(name)),
  ...(given.targets === undefined ? {} : { targets: given.targets.split(',') }),
  ...(given.jobs === undefined ? {} : { jobs: Number(given.jobs) }),
  onResult: (result) => {
    // At once, so that a run that is interrupted leaves what it has.
    now.set(`${result.name} ${result.target}`, result);
    writeFileSync(kept, `${JSON.stringify([...now.values()], null, 1)}\n`);
    if (!holds(result))
      console.log(
        `${result.name}  ${result.target}  ${ended(result) || result.status}  ${result.message.slice(0, 200)}`,
      );
  },
});
if (given.json !== undefined) writeFileSync(given.json, `${JSON.stringify(results, null, 1)}\n`);
if (given.page !== undefined) writeFileSync(given.page, page([...now.values()]));
console.log(totals(results));
process.exit(0);

function holds({ status, rows, lost, failed: uncompared }) {
  return status === 'converted' && rows === 0 && lost === 0 && uncompared === undefined;
}
