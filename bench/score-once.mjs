// Scores one file in a process of its own and prints the peak of its memory in kilobytes.

import { readFileSync } from 'node:fs';
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
process.stdout.write(String(process.resourceUsage().maxRSS));
