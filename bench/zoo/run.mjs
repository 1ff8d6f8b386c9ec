// A zoo of a thousand models: how long it takes and how much it holds, beside Python programs that do the same, and
// whether it survives being killed. ZOO_MODELS makes it smaller; ZOO_PYTHON names the interpreter of its environments, so that
// bench/zoo/ray.mjs can be held against its run.

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { stringify } from 'yaml';
import { median, timeCommand } from '../measure.mjs';
import { peakMemory } from '../peak.mjs';
import { bench, benchPython, cli, work } from '../prepare.mjs';
import { makeZoo } from './make.mjs';

const MODELS = Number(process.env.ZOO_MODELS ?? 1000);
const KILLS = 10;
/** One process a model is slow and always the same: a few tell. */
const PROCESSES = 8;
/** What a run whose failures are all expected ends with. */
const SOME_FAILED = 1;

const folder = path.join(work, `zoo-${MODELS}`);
const tables = path.join(folder, 'tables');
const convertOne = path.join(bench, 'convert_one.py');
const python = process.env.ZOO_PYTHON === undefined ? [] : ['--python', process.env.ZOO_PYTHON];
const trust = ['--trust-lock', path.join(folder, 'trust.lock')];

export async function zoo() {
  const expected = await made();
  const whole = await timedRun(path.join(folder, 'zoo.yaml'), path.join(work, 'zoo-run'));
  mustBeAsExpected(path.join(work, 'zoo-run'), expected);
  const again = timeCommand(
    [process.execPath, cli, ...batch(path.join(folder, 'zoo.yaml'), path.join(work, 'zoo-run')), '--resume'],
    {
      accepted: [SOME_FAILED],
    },
  );
  const program = await benchPython();
  const plain = plainModels(program);
  const subset = path.join(folder, 'plain.yaml');
  writeFileSync(subset, stringify({ schema: 1, models: [{ path: plain.map((name) => `tables/${name}`) }] }));
  const ours = await timedRun(subset, path.join(work, 'zoo-plain'));
  const loop = await timedLoop(program, plain);
  const one = oneByOne(program, plain);
  const single = one * plain.length;
  const figures = (name, { seconds, peak }, models) =>
    `${name}: ${models} models, ${seconds.toFixed(1)} s, ${(models / seconds).toFixed(1)} models/s${peak === undefined ? '' : `, peak ${Math.round(peak)} MB`}`;
  console.log(figures('the whole zoo', whole, Object.keys(expected).length));
  console.log(figures('its plain scikit-learn models', ours, plain.length));
  console.log(figures('the same in a warm Python loop', loop, plain.length));
  console.log(figures('the same, a Python process each', { seconds: single }, plain.length));
  return [
    { name: `unchanged zoo of ${MODELS}, seconds`, ratio: again, goal: '< 1', met: again < 1 },
    {
      name: 'batch / warm Python loop',
      ours: ours.seconds,
      theirs: loop.seconds,
      ratio: ours.seconds / loop.seconds,
      goal: '≤ 1.3',
      met: ours.seconds <= 1.3 * loop.seconds,
    },
    {
      name: 'one Python process a model / batch',
      ours: ours.seconds,
      theirs: single,
      ratio: single / ours.seconds,
      goal: '≥ 20',
      met: single >= 20 * ours.seconds,
    },
  ];
}

/** Killed at ten random moments, each time resumed: the outputs must be those of a run that nobody killed. */
export async function zooKilled() {
  const expected = await made();
  const reference = path.join(work, 'zoo-run');
  const zooFile = path.join(folder, 'zoo.yaml');
  const { seconds } = await timedRun(zooFile, reference);
  const killed = path.join(work, 'zoo-killed');
  rmSync(killed, { recursive: true, force: true });
  const moments = [];
  for (let kill = 0; kill < KILLS; kill++) {
    const child = spawn(process.execPath, [cli, ...batch(zooFile, killed), '--resume'], { stdio: 'ignore' });
    const ended = once(child, 'exit');
    const begun = performance.now();
    // Spread over the run as a whole, since each goes on where the one before was killed.
    await Promise.race([pause((Math.random() * 2 * seconds * 1000) / KILLS), ended]);
    child.kill('SIGKILL');
    await ended;
    moments.push(
      `${((performance.now() - begun) / 1000).toFixed(1)} s (${lines(path.join(killed, 'journal.jsonl'))} done)`,
    );
  }
  spawnSync(process.execPath, [cli, ...batch(zooFile, killed), '--resume'], { stdio: 'ignore' });
  mustBeAsExpected(killed, expected);
  const different = differences(reference, killed);
  console.log(`killed after ${moments.join(', ')}`);
  for (const file of different.slice(0, 10)) console.log(`differs: ${file}`);
  return [
    { name: `files that differ after ${KILLS} kills`, ratio: different.length, goal: '0', met: different.length === 0 },
  ];
}

async function made() {
  const list = path.join(folder, 'expected.json');
  if (!existsSync(list)) {
    mkdirSync(work, { recursive: true });
    await makeZoo(folder, MODELS);
  }
  return JSON.parse(readFileSync(list, 'utf8'));
}

const batch = (zooFile, to) => ['batch', zooFile, '-o', to, ...trust, ...python, '--quiet'];

async function timedRun(zooFile, to) {
  rmSync(to, { recursive: true, force: true });
  const begun = performance.now();
  const peak = await peakMemory([process.execPath, cli, ...batch(zooFile, to)], {
    accepted: [0, SOME_FAILED],
    every: 200,
  });
  return { seconds: (performance.now() - begun) / 1000, peak };
}

/** Those that a few lines of Python can convert and check: of each kind all, when its first one goes through. */
function plainModels(python) {
  const names = readdirSync(tables).filter((name) => name.endsWith('.joblib') && !name.startsWith('bad-'));
  const plain = Object.values(grouped(names)).filter(([first]) => {
    const { status } = spawnSync(python, [convertOne, ...filesOf(first), path.join(work, 'one.onnx')]);
    return status === 0;
  });
  return plain.flat().sort();
}

function grouped(names) {
  const groups = {};
  for (const name of names) groups[kindOf(name)] = [...(groups[kindOf(name)] ?? []), name];
  return groups;
}

const kindOf = (name) => name.replace(/-\d+\.joblib$/, '');
const filesOf = (name) => [path.join(tables, name), path.join(tables, name.replace('.joblib', '.sample.csv'))];

async function timedLoop(python, names) {
  const out = path.join(work, 'zoo-loop');
  mkdirSync(out, { recursive: true });
  const begun = performance.now();
  const script = path.join(bench, 'convert_loop.py');
  const peak = await peakMemory([python, script, out, '0', ...names.flatMap(filesOf)], { every: 200 });
  return { seconds: (performance.now() - begun) / 1000, peak };
}

/** Seconds of one model in a process of its own, at the median of a few of different kinds. */
function oneByOne(python, names) {
  const step = Math.ceil(names.length / PROCESSES);
  const some = names.filter((_, index) => index % step === 0);
  return median(some.map((name) => timeCommand([python, convertOne, ...filesOf(name), path.join(work, 'one.onnx')])));
}

function mustBeAsExpected(run, expected) {
  const { results } = JSON.parse(readFileSync(path.join(run, 'results.json'), 'utf8'));
  for (const { source, status, error } of results) {
    const got = error?.code ?? (status === 'cached' ? 'converted' : status);
    if (got !== expected[source])
      throw new Error(`${source} ended with ${got}, not ${expected[source]}: ${error?.message}`);
  }
}

/** Names of files among the products of a run that the other does not have, or has otherwise. */
function differences(one, other) {
  return ['models', 'evidence'].flatMap((kind) => {
    const names = new Set([one, other].flatMap((run) => readdirSync(path.join(run, kind))));
    return [...names]
      .map((name) => path.join(kind, name))
      .filter((file) => !same(path.join(one, file), path.join(other, file)));
  });
}

function same(a, b) {
  return existsSync(a) && existsSync(b) && readFileSync(a).equals(readFileSync(b));
}

function lines(file) {
  return existsSync(file) ? readFileSync(file, 'latin1').split('\n').length - 1 : 0;
}
