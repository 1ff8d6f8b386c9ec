// `npm run bench [-- NAME …]`: prints ratios, each taken in one run. Absolute times belong to one machine on one day.

import { largeBoosters } from './boosters.mjs';
import { columns } from './columns.mjs';
import { coldConversion, warmConversions } from './conversion.mjs';
import { decodes } from './decodes.mjs';
import { folded } from './folded.mjs';
import { heldOutRows } from './held-out.mjs';
import { networks } from './networks.mjs';
import { registering } from './registry.mjs';
import { reportPage } from './report.mjs';
import { memory, scoring } from './scoring.mjs';
import { startup } from './startup.mjs';
import { zoo, zooKilled } from './zoo/run.mjs';

const BENCHMARKS = {
  startup,
  cold: coldConversion,
  warm: warmConversions,
  boosters: largeBoosters,
  columns,
  decodes,
  folded,
  'held-out': heldOutRows,
  networks,
  score: scoring,
  memory,
  registry: registering,
  report: reportPage,
  zoo,
  kills: zooKilled,
};

const names = process.argv.slice(2);
const unknown = names.filter((name) => !(name in BENCHMARKS));
if (unknown.length > 0) {
  console.error(`no benchmark ${unknown.join(', ')}; there are: ${Object.keys(BENCHMARKS).join(', ')}`);
  process.exit(2);
}
for (const name of names.length > 0 ? names : Object.keys(BENCHMARKS)) {
  const rows = await BENCHMARKS[name]();
  for await (const { name: title, ratio, low, high, goal, met, ours, theirs, note } of rows) {
    const spread = low === undefined ? '' : ` (${low.toFixed(2)}–${high.toFixed(2)})`;
    const seconds = ours === undefined ? '' : `  ${ours.toPrecision(3)} s / ${theirs.toPrecision(3)} s`;
    console.log(
      `${met ? '✓' : '✗'} ${ratio.toFixed(2)}${spread}  goal ${goal}  ${title}${seconds}${note === undefined ? '' : `  ${note}`}`,
    );
  }
}
process.exit(0);
