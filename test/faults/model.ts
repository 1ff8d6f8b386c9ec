/** The world that every other begins as: a model, what was made of it, a registry, a run, and a small environment to build. */

import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { predictable } from '../cli/run.js';
import { Workshop } from '../environments/workshop.js';
import { prepare } from '../support/prepared.js';

export interface Model {
  root: string;
  variables: Record<string, string>;
  close: () => void;
}

const ROWS = 30_000;

export async function makeModel(folder: string): Promise<Model> {
  const root = path.join(folder, 'model');
  const work = path.join(root, 'work');
  mkdirSync(path.join(work, 'store'), { recursive: true });
  const prepared = await prepare();
  await prepared.python('samples/train.py', work, '--only', 'iris');
  await prepared.close();
  const run = async (...args: string[]) => {
    const { exitCode, stderr } = await predictable(args, { cwd: work });
    if (exitCode !== 0) throw new Error(`${args.join(' ')}: ${stderr}`);
  };
  await run('convert', 'iris.joblib', '--trust');
  await run('register', 'out/iris.onnx', '--registry', 'duckdb:store/models.duckdb');
  mkdirSync(path.join(work, 'zoo'));
  for (const name of ['one', 'two', 'three'])
    for (const ending of ['joblib', 'sample.csv'])
      cpSync(path.join(work, `iris.${ending}`), path.join(work, 'zoo', `${name}.${ending}`));
  await run('batch', 'zoo', '--trust', '-o', 'old');
  const [header = '', ...lines] = readFileSync(path.join(work, 'iris.sample.csv'), 'utf8').trim().split('\n');
  const many = Array.from({ length: ROWS }, (_, row) => lines[row % lines.length]);
  writeFileSync(path.join(work, 'many.csv'), `${[header, ...many].join('\n')}\n`);

  const workshop = new Workshop();
  const { PREDICTABLE_CACHE } = process.env;
  await workshop.open();
  // The other stages use the environments that are there.
  workshop.set({ PREDICTABLE_CACHE });
  const manifest = workshop.manifest(workshop.wheel('tiny', '1.0') + workshop.wheel('small', '1.0'));
  writeFileSync(path.join(root, 'manifest.json'), JSON.stringify(manifest));
  const carried = path.join(workshop.folder, 'carried');
  mkdirSync(carried);
  // What npm has in its cache it does not fetch again.
  await execa('npm', ['pack', 'onnxruntime-node@1.12.1', '--ignore-scripts', '--prefer-offline'], { cwd: carried });
  return { root, variables: { CARRIED: carried }, close: () => workshop.close() };
}
