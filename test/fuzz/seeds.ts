/** Whole files of every kind that is read: trained in their frameworks' environments, saved elsewhere, and written here. */

import { cp, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import type { Converters } from '../../src/convert/converters.js';
import { packageRoot } from '../../src/paths.js';
import { openDuckdb } from '../../src/rows/duckdb.js';

/** By folder: what is trained, with which script. */
const TRAINED = [
  { folder: 'sklearn', converter: 'sklearn', script: 'samples/train.py', only: ['iris', 'iris-linear', 'iris-tree'] },
  { folder: 'boosters', converter: 'lightgbm', script: 'test/batteries/boosters.py' },
  { folder: 'libsvm', converter: 'libsvm', script: 'test/batteries/libsvm_models.py' },
  { folder: 'coreml', converter: 'coreml', script: 'test/batteries/coreml_models.py' },
  { folder: 'pytorch', converter: 'pytorch', script: 'samples/pytorch/train.py' },
  { folder: 'tensorflow', converter: 'tensorflow', script: 'samples/tensorflow/train.py' },
];

/** Folders and files of the project that others saved, and where they go. */
const SAVED = [
  ['test/batteries/fixtures/h2o', 'h2o'],
  ['test/batteries/fixtures/keras2', 'keras'],
  ['test/batteries/fixtures/mlflow', 'mlflow'],
  ['test/converters/fixtures/spark-tree', 'spark/tree'],
  ['test/graph/fixtures', 'onnx'],
  ['test/signing/fixtures', 'signatures'],
  ['samples/zoo.yaml', 'text/zoo.yaml'],
];

const SETTINGS = `# Of this folder.
target: sql-edge
registry: duckdb:models.duckdb
output: out
rtol: 0.001
on-null: 0
batch-dim: auto
quiet: true
`;
const LOCK = `# Files that somebody vouches for.
${'0123456789abcdef'.repeat(4)}  models/iris.joblib
${'fedcba9876543210'.repeat(4)}  models/penguins/model.pkl
`;
const ROWS = `select range i, range * 1.5 x, 'name ' || range t, range % 2 = 0 b, case range % 3 when 0 then null else range end n
  from range(60)`;

export async function makeSeeds(folder: string, converters: Converters): Promise<void> {
  for (const { folder: name, converter, script, only = [] } of TRAINED) {
    const manifest = converters.manifests.find(({ id }) => id === converter);
    if (manifest === undefined) throw new Error(`no converter ${converter}`);
    const { environment } = await converters.prepare(manifest);
    const into = path.join(folder, name);
    await mkdir(into, { recursive: true });
    const some = only.length === 0 ? [] : ['--only', ...only];
    await execa(environment.python!, [path.join(packageRoot, script), into, ...some]);
  }
  for (const [from = '', to = ''] of SAVED) {
    await cp(path.join(packageRoot, from), path.join(folder, to), { recursive: true });
  }
  await writeFile(path.join(folder, 'text', 'predictable.yaml'), SETTINGS);
  await writeFile(path.join(folder, 'text', 'trust.lock'), LOCK);
  await writeRows(path.join(folder, 'rows'));
}

async function writeRows(folder: string): Promise<void> {
  await mkdir(folder);
  const duckdb = await openDuckdb();
  try {
    const formats = {
      'plain.parquet': '',
      'zstd.parquet': '(compression zstd)',
      'lines.json': '',
      'list.json': '(array true)',
    };
    for (const [name, options] of Object.entries({ ...formats, 'rows.csv': '' })) {
      await duckdb.rows(`copy (${ROWS}) to '${path.join(folder, name)}' ${options}`);
    }
  } finally {
    await duckdb.close();
  }
}
