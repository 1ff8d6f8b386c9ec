// Trains what samples/zoo.yaml lists, each family in the Python environment of its converter, built when it is not there:
//
//     npm run zoo:samples              into samples/trained
//     npm run zoo:samples -- FOLDER    into FOLDER/trained, with the zoo.yaml and its fixtures beside it
//
// trained/trust.lock then vouches for all but the models that are tagged not-vouched-for.

import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { factoryFiles } from '../dist/batch/factory.js';
import { readZoo } from '../dist/batch/zoo/read-zoo.js';
import { environmentOf, readManifests } from '../dist/converters/manifest.js';
import { writeTrustLock } from '../dist/detect/trust.js';
import { ensureEnvironment } from '../dist/environments/ensure.js';

const samples = fileURLToPath(new URL('.', import.meta.url));

const SKLEARN = ['iris', 'penguin-mass', 'iris-tree', 'iris-linear', 'iris-isomap', 'wine-clusters'];
const BOOSTERS = {
  lightgbm: ['multiclass', 'diagnosis', 'half-years'],
  xgboost: ['classifier', 'missing', 'forest'],
  catboost: ['iris', 'diagnosis'],
};
const boosters = Object.entries(BOOSTERS).flatMap(([library, names]) => names.map((name) => `${library}-${name}`));

/** `args` come after the folder; `environment`: when the converter's first is not meant. */
const FAMILIES = [
  { folder: 'sklearn', converter: 'sklearn', script: 'train.py', args: ['--only', ...SKLEARN] },
  {
    folder: 'scikit-learn-1.5',
    converter: 'sklearn',
    environment: 'scikit-learn 1.5',
    script: 'old_models.py',
    args: ['old'],
  },
  { folder: 'boosters', converter: 'lightgbm', script: 'boosters.py', args: ['--only', ...boosters] },
  { folder: 'libsvm', converter: 'libsvm', script: 'libsvm_models.py' },
  { folder: 'coreml', converter: 'coreml', script: 'coreml_models.py' },
  { folder: 'spark', converter: 'spark', script: 'spark_models.py', args: ['linear-one-hot', 'linear-imputer', 'sql'] },
  { folder: 'pytorch', converter: 'pytorch', script: 'pytorch/train.py' },
  { folder: 'tensorflow', converter: 'tensorflow', script: 'tensorflow/train.py' },
  { folder: 'keras', converter: 'keras', script: 'keras/train.py' },
];

const target = path.resolve(process.argv[2] ?? samples);
const trained = path.join(target, 'trained');
const manifests = await readManifests();

rmSync(trained, { recursive: true, force: true });
for (const family of FAMILIES) await train(family);
if (path.relative(samples, target) !== '') {
  for (const part of ['zoo.yaml', 'fixtures'])
    cpSync(path.join(samples, part), path.join(target, part), { recursive: true });
}
const { models } = await readZoo(path.join(target, 'zoo.yaml'), manifests);
const reviewed = models.filter(({ tags }) => !tags.includes('not-vouched-for'));
const modules = reviewed.flatMap(factoryFiles).filter((file) => existsSync(file));
const vouched = [...reviewed.map((model) => model.path), ...modules];
const lock = path.join(trained, 'trust.lock');
await writeTrustLock([...new Set(vouched)], lock);
const shown = (file) => path.relative(process.cwd(), file) || '.';
console.log(`${models.length} models. Now: predictable batch ${shown(target)} -o run --trust-lock ${shown(lock)}`);
process.exit(0);

async function train({ folder, converter, environment, script, args = [] }) {
  const manifest = manifests.find(({ id }) => id === converter);
  const chosen = manifest.environments.find(({ name }) => name === environment) ?? manifest.environments[0];
  const started = performance.now();
  const { python } = await ensureEnvironment(environmentOf(manifest, chosen));
  const into = path.join(trained, folder);
  mkdirSync(into, { recursive: true });
  const { status, stderr } = spawnSync(python, [path.join(samples, script), into, ...args], {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  if (status !== 0) throw new Error(`${script} failed: ${stderr.split('\n').slice(-5).join('\n')}`);
  console.log(`${folder.padEnd(18)} ${((performance.now() - started) / 1000).toFixed(1)} s`);
}
