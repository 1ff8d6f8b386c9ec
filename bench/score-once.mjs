// Scores one file in a process of its own and prints the peak of its memory in kilobytes, with that of its children,
// which wait for more rows.

import { readdirSync, readFileSync } from 'node:fs';
import { score } from '../dist/score/score.js';

const { bytes, signature, data, output } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
await score({
  bytes: Buffer.from(bytes, 'base64'),
  signature,
  data,
  keys: [],
  output: { file: output },
  origin: 'made',
});
const children = readdirSync('/proc/self/task').flatMap((task) =>
  readFileSync(`/proc/self/task/${task}/children`, 'utf8').split(' ').filter(Boolean),
);
const peaks = children.map((child) =>
  Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child}/status`, 'utf8'))?.[1]),
);
process.stdout.write(String(peaks.reduce((sum, peak) => sum + peak, process.resourceUsage().maxRSS)));
