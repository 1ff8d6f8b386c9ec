/** What reads files that come from elsewhere: each parser by name, the files that it is tried with, and how it reads one. */

import { readFile } from 'node:fs/promises';
import { readMlflow } from '../../src/batch/zoo/mlflow/read-mlflow.js';
import { readZoo } from '../../src/batch/zoo/read-zoo.js';
import { readSettings } from '../../src/cli/arguments/settings.js';
import { normalizeFile } from '../../src/convert/normalize-file.js';
import { readManifests } from '../../src/converters/manifest.js';
import { detect } from '../../src/detect/detect.js';
import { readOrigin } from '../../src/detect/origin.js';
import { readTrustLock } from '../../src/detect/trust.js';
import { inspect } from '../../src/graph/inspect.js';
import { readTable } from '../../src/rows/read-table.js';
import { openBundle } from '../../src/signing/bundle.js';

export interface Parser {
  name: string;
  /** Patterns of files and folders among the trained samples. */
  seeds: string[];
  /** Of this converter, in an interpreter: the format that it is told. */
  converter?: { id: string; format: string; environment?: string };
  /** In this process. */
  read?: (file: string) => Promise<unknown>;
}

const manifests = await readManifests();

async function detected(file: string): Promise<void> {
  await readOrigin(file, await detect(file, manifests));
}

/** Read in this process. */
const OURS: Parser[] = [
  {
    name: 'detection, and who saved it',
    seeds: [
      'sklearn/*',
      'boosters/*',
      'keras/*.{keras,h5}',
      'pytorch/*.{pt,pt2,ckpt}',
      'h2o/*.zip',
      'coreml/*.mlmodel',
    ],
    read: detected,
  },
  { name: 'ONNX, inspected', seeds: ['onnx/**/*.onnx'], read: async (file) => inspect(await readFile(file)) },
  { name: 'ONNX, normalised', seeds: ['onnx/**/*.onnx'], read: async (file) => normalizeFile(await readFile(file)) },
  { name: 'CSV', seeds: ['**/*.csv'], read: (file) => readTable(file) },
  { name: 'Parquet', seeds: ['rows/*.parquet'], read: (file) => readTable(file) },
  { name: 'JSON rows', seeds: ['rows/*.json'], read: (file) => readTable(file) },
  { name: 'trust.lock', seeds: ['text/trust.lock'], read: (file) => readTrustLock(file) },
  { name: 'zoo.yaml', seeds: ['text/zoo.yaml'], read: (file) => readZoo(file, manifests) },
  { name: 'predictable.yaml', seeds: ['text/predictable.yaml'], read: (file) => readSettings(['--config', file]) },
  { name: 'MLflow folders', seeds: ['mlflow/*/'], read: mlflow },
  {
    name: 'signatures',
    seeds: ['signatures/**/*.json'],
    read: async (file) => openBundle(file, await readFile(file, 'utf8'), []),
  },
];

/** Its problem is told with it. */
async function mlflow(folder: string): Promise<void> {
  const { problem } = await readMlflow(folder, 'a model', manifests);
  if (problem !== undefined) throw problem;
}

/** Read in an interpreter, up to the model. */
const THEIRS: Parser[] = [
  {
    name: 'pickles, walked',
    seeds: ['sklearn/*.{joblib,pkl}', 'boosters/*.joblib'],
    converter: { id: 'sklearn', format: 'walked' },
  },
  { name: 'LightGBM text', seeds: ['boosters/lightgbm-*.txt'], converter: { id: 'lightgbm', format: 'lightgbm-text' } },
  { name: 'XGBoost JSON', seeds: ['boosters/xgboost-*.json'], converter: { id: 'xgboost', format: 'xgboost-json' } },
  { name: 'XGBoost UBJSON', seeds: ['boosters/xgboost-*.ubj'], converter: { id: 'xgboost', format: 'xgboost-ubj' } },
  { name: 'CatBoost', seeds: ['boosters/catboost-*.cbm'], converter: { id: 'catboost', format: 'catboost-cbm' } },
  { name: 'LibSVM', seeds: ['libsvm/*.model'], converter: { id: 'libsvm', format: 'libsvm-model' } },
  { name: 'CoreML', seeds: ['coreml/*.mlmodel'], converter: { id: 'coreml', format: 'coreml-mlmodel' } },
  { name: 'MOJO', seeds: ['h2o/*.zip'], converter: { id: 'h2o', format: 'h2o-mojo' } },
  { name: 'Spark folders', seeds: ['spark/*/'], converter: { id: 'spark', format: 'spark-pipeline' } },
  {
    name: 'skops',
    seeds: ['sklearn/*.skops', 'mlflow/*/*.skops'],
    converter: { id: 'sklearn', format: 'sklearn-skops' },
  },
  {
    name: 'TorchScript',
    seeds: ['pytorch/*{script,trace,gru,lstm}.pt', 'mlflow/torchscript/data/*.pth'],
    converter: { id: 'pytorch', format: 'torchscript' },
  },
  { name: 'programs of torch.export', seeds: ['pytorch/*.pt2'], converter: { id: 'pytorch', format: 'pytorch-pt2' } },
  {
    name: 'weights of torch.save',
    seeds: ['pytorch/*weights.pt'],
    converter: { id: 'pytorch', format: 'pytorch-state-dict' },
  },
  {
    name: 'Keras 3',
    seeds: ['keras/*.keras', 'mlflow/keras/data/*.keras'],
    converter: { id: 'keras', format: 'keras-3' },
  },
  { name: 'Keras HDF5', seeds: ['keras/*.h5'], converter: { id: 'keras', format: 'keras-hdf5' } },
  {
    name: 'SavedModel',
    seeds: ['tensorflow/*/', 'mlflow/tensorflow/tf2model/'],
    converter: { id: 'tensorflow', format: 'tensorflow-savedmodel' },
  },
  { name: 'GraphDef', seeds: ['tensorflow/*.pb'], converter: { id: 'tensorflow', format: 'tensorflow-graphdef' } },
  {
    name: 'TensorFlow checkpoints',
    seeds: ['tensorflow/*.meta'],
    converter: { id: 'tensorflow', format: 'tensorflow-checkpoint' },
  },
  { name: 'TensorFlow Lite', seeds: ['tensorflow/*.tflite'], converter: { id: 'tensorflow', format: 'tflite' } },
];

export const PARSERS: Parser[] = [...OURS, ...THEIRS];
