// Trains what samples/zoo.yaml lists, each family in the Python environment of its converter, built when it is not there, and
// copies what others saved:
//
//     npm run zoo:samples              into samples/trained
//     npm run zoo:samples -- FOLDER    into FOLDER/trained, with the zoo.yaml beside it
//
// trained/trust.lock then vouches for all but the models that are tagged not-vouched-for.

import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { factoryFiles } from '../dist/batch/factory.js';
import { readZoo } from '../dist/batch/zoo/read-zoo.js';
import { environmentOf, readManifests } from '../dist/converters/manifest.js';
import { writeTrustLock } from '../dist/detect/trust.js';
import { ensureEnvironment } from '../dist/environments/ensure.js';

const samples = fileURLToPath(new URL('.', import.meta.url));
const batteries = fileURLToPath(new URL('../test/batteries/', import.meta.url));

const SKLEARN = ['iris', 'penguin-mass', 'iris-tree', 'iris-linear', 'iris-isomap', 'wine-clusters'];
const BOOSTERS = {
  lightgbm: ['multiclass', 'diagnosis', 'half-years'],
  xgboost: ['classifier', 'missing', 'forest'],
  catboost: ['iris', 'diagnosis'],
};
const boosters = Object.entries(BOOSTERS).flatMap(([library, names]) => names.map((name) => `${library}-${name}`));

/** `script`: in samples/ or test/batteries/. `args` come after the folder; `environment`: when the converter's first is not meant. */
const FAMILIES = [
  { folder: 'sklearn', converter: 'sklearn', script: path.join(samples, 'train.py'), args: ['--only', ...SKLEARN] },
  {
    folder: 'scikit-learn-1.5',
    converter: 'sklearn',
    environment: 'scikit-learn 1.5',
    script: path.join(batteries, 'old_models.py'),
    args: ['old'],
  },
  {
    folder: 'boosters',
    converter: 'lightgbm',
    script: path.join(batteries, 'boosters.py'),
    args: ['--only', ...boosters],
  },
  { folder: 'libsvm', converter: 'libsvm', script: path.join(batteries, 'libsvm_models.py') },
  { folder: 'coreml', converter: 'coreml', script: path.join(batteries, 'coreml_models.py') },
  {
    folder: 'spark',
    converter: 'spark',
    script: path.join(batteries, 'spark_models.py'),
    args: ['linear-one-hot', 'linear-imputer', 'sql'],
  },
  { folder: 'pytorch', converter: 'pytorch', script: path.join(samples, 'pytorch/train.py') },
  { folder: 'tensorflow', converter: 'tensorflow', script: path.join(samples, 'tensorflow/train.py') },
  { folder: 'keras', converter: 'keras', script: path.join(samples, 'keras/train.py') },
];
/** Folders of test/batteries/fixtures/: what takes another machine to train, as it was saved there. */
const SAVED = ['mlflow', 'h2o', 'keras2'];

const target = path.resolve(process.argv[2] ?? samples);
const trained = path.join(target, 'trained');
const manifests = await readManifests();

rmSync(trained, { recursive: true, force: true });
for (const family of FAMILIES) await train(family);
for (const folder of SAVED)
  cpSync(path.join(batteries, 'fixtures', folder), path.join(trained, folder), { recursive: true });
if (path.relative(samples, target) !== '') copyFileSync(path.join(samples, 'zoo.yaml'), path.join(target, 'zoo.yaml'));
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
  const { status, stderr } = spawnSync(python, [script, into, ...args], {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  if (status !== 0) throw new Error(`${path.basename(script)} failed: ${stderr.split('\n').slice(-5).join('\n')}`);
  console.log(`${folder.padEnd(18)} ${((performance.now() - started) / 1000).toFixed(1)} s`);
}
