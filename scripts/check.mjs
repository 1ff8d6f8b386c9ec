// What must hold before a change is looked at: types, lint, and the tests that start no Python environment. Each step's time is
// printed; all run to their end, two at a time, and the output of those that fail is shown.

import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const AT_ONCE = 2;
/** The longest first. `npm` is a script of package.json; `bin` a package's program. */
const STEPS = [
  { name: 'unit tests', bin: 'vitest/vitest.mjs', args: ['run', '--project', 'unit', '--reporter=dot'] },
  { name: 'types', bin: 'typescript/bin/tsc', args: ['-p', 'tsconfig.test.json'] },
  { name: 'types of the page', bin: 'typescript/bin/tsc', args: ['-p', 'src/report/page/tsconfig.json', '--noEmit'] },
  { name: 'lint', bin: '@biomejs/biome/bin/biome', args: ['ci', '.'] },
  // Its unit tests are among the others.
  { name: 'python', npm: 'check:python', args: ['ruff', 'mypy'] },
];

const waiting = [...STEPS];
const failed = [];
const begun = performance.now();
await Promise.all(Array.from({ length: AT_ONCE }, work));
console.log(`${failed.length === 0 ? 'all is well' : `failed: ${failed.join(', ')}`} (${seconds(begun)})`);
process.exit(failed.length === 0 ? 0 : 1);

async function work() {
  for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
    const started = performance.now();
    const { status, output } = await run(step);
    console.log(`${status === 0 ? '✓' : '✗'} ${step.name.padEnd(18)} ${seconds(started)}`);
    if (status === 0) continue;
    failed.push(step.name);
    console.log(output);
  }
}

function run({ bin, args = [], npm }) {
  const [command, given] =
    npm === undefined
      ? [process.execPath, [fileURLToPath(new URL(`../node_modules/${bin}`, import.meta.url)), ...args]]
      : ['npm', ['run', '--silent', npm, '--', ...args]];
  const child = spawn(command, given, { cwd: root, shell: npm !== undefined && process.platform === 'win32' });
  const pieces = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => pieces.push(piece));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, output: Buffer.concat(pieces).toString() }));
  });
}

function seconds(since) {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}
