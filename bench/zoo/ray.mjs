// Converts a zoo on a real Ray cluster of this machine that loses a node half-way, and holds every byte against a
// reference that was converted here:
//
//     node bin/predictable.js batch ZOO -o REFERENCE --trust-lock trust.lock --python PYTHON
//     npm run zoo:ray -- ZOO REFERENCE [--python PYTHON] [--nodes 2] [--cpus 1] [--keep-nodes] [-- --trust-lock trust.lock]
//
// PYTHON: of the version that the cluster runs, since each model says which Python converted it. Without it, the
// driver's own, which is printed. What follows `--` goes to `batch`. Ends with 1 when a byte differs or a model is lost.

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { driverEnvironment } from '../../dist/batch/ray/environment.js';
import { runFolder } from '../../dist/batch/run-folder.js';
import { cli } from '../prepare.mjs';
import { RayCluster } from './ray-cluster.mjs';

const { values, positionals } = parseArgs({
  options: {
    python: { type: 'string' },
    nodes: { type: 'string', default: '2' },
    cpus: { type: 'string', default: '1' },
    'keep-nodes': { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
const [zoo, referenceRoot, ...forBatch] = positionals;
if (referenceRoot === undefined) {
  console.error(
    'usage: npm run zoo:ray -- ZOO REFERENCE [--python PYTHON] [--nodes 2] [--cpus 1] [--keep-nodes] [-- …]',
  );
  process.exit(2);
}

const reference = runFolder(path.resolve(referenceRoot));
const { run: local, results: expected } = readResults(reference);
const { python, interpreter } = await driverEnvironment({ python: values.python });
console.log(
  `Python ${interpreter.version} (${interpreter.path}); reference: ${local.totals.models} models, ${local.seconds} s`,
);

const scratch = mkdtempSync(path.join(tmpdir(), 'zoo-ray-'));
const folder = runFolder(path.join(scratch, 'run'));
const began = performance.now();
const cluster = await RayCluster.start(python, Number(values.nodes), values.cpus);
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    cluster.close();
    process.exit(130);
  });
}
try {
  console.log(`cluster: a head and ${values.nodes} nodes of ${values.cpus} CPU, ready after ${since(began)} s`);
  const at = await convert();
  const { run, results } = readResults(folder);
  const models = run.totals.models;
  const between = (at.last - at.first) / 1000;
  console.log(`${models} models in ${run.seconds} s: ${rate(models, run.seconds)} models/s`);
  console.log(
    `first result after ${Math.round(at.first / 100) / 10} s; from there ${rate(models - 1, between)} models/s`,
  );
  console.log(`against the reference: ${(run.seconds / local.seconds).toFixed(2)} times its time`);
  const retries = cluster.retries().filter(({ name }) => !name.startsWith('Clock'));
  console.log(`begun anew by Ray: ${retries.length} ${JSON.stringify(retries.map(({ name }) => name))}`);
  const problems = [
    ...differences(folder.models, reference.models),
    ...differences(folder.evidence, reference.evidence),
  ];
  problems.push(...unlike(results, expected));
  for (const problem of problems.slice(0, 20)) console.log(`  ${problem}`);
  console.log(problems.length === 0 ? 'every byte is the same' : `${problems.length} differences`);
  process.exitCode = problems.length === 0 && run.finished ? 0 : 1;
} finally {
  cluster.close();
  rmSync(scratch, { recursive: true, force: true });
}

/** Returns when the first and the last result came, in milliseconds. */
async function convert() {
  const ray = ['--executor', 'ray', '--ray-address', cluster.address, '--python', interpreter.path];
  const begun = performance.now();
  const child = spawn(process.execPath, [cli, 'batch', zoo, '-o', folder.root, ...ray, ...forBatch], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...cluster.variables },
  });
  let said = '';
  child.stderr.on('data', (text) => {
    said = (said + text).slice(-4_000);
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const at = { first: 0, last: 0 };
  let killed = values['keep-nodes'];
  for (let done = 0; child.exitCode === null; await sleep(50)) {
    const now = existsSync(folder.journal) ? lines(folder.journal) : 0;
    if (now !== done) at.last = performance.now() - begun;
    at.first ||= at.last;
    done = now;
    if (!killed && done >= expected.length / 2 && cluster.killBusyNode()) {
      killed = true;
      console.log(`killed a node after ${done} of ${expected.length} models, in the middle of one`);
    }
  }
  await ended;
  if (!killed) throw new Error('no node was killed: none was busy in the second half');
  if (!existsSync(folder.results)) throw new Error(`batch ended with ${child.exitCode}:\n${said}`);
  return at;
}

/** Of results: the first line is the run's. */
function lines(file) {
  return Math.max(0, readFileSync(file, 'utf8').split('\n').length - 2);
}

function differences(here, there) {
  const names = new Set([here, there].flatMap((each) => (existsSync(each) ? readdirSync(each) : [])));
  return [...names].sort().flatMap((name) => {
    const [a, b] = [here, there].map((each) => path.join(each, name));
    if (!existsSync(a)) return [`${name} is missing`];
    if (!existsSync(b)) return [`${name} is not in the reference`];
    const same = statSync(a).size === statSync(b).size && readFileSync(a).equals(readFileSync(b));
    return same ? [] : [`${name} differs`];
  });
}

/** Models that have not ended as in the reference. */
function unlike(results, others) {
  const ends = new Map(others.map((result) => [result.name, endOf(result)]));
  return results.flatMap((result) => {
    const should = ends.get(result.name);
    return endOf(result) === should ? [] : [`${result.name}: ${endOf(result)}, and ${should} in the reference`];
  });
}

function endOf({ status, error }) {
  return error?.code ?? (status === 'cached' ? 'converted' : status);
}

function readResults(of) {
  return JSON.parse(readFileSync(of.results, 'utf8'));
}

function rate(count, seconds) {
  return seconds > 0 ? (count / seconds).toFixed(2) : '–';
}

function since(start) {
  return Math.round((performance.now() - start) / 100) / 10;
}
