/** The options that several commands share, each in one place. */

import type { Argv, Options } from 'yargs';
import { TARGET_IDS } from '../../targets/targets.js';

export const COMMON = {
  json: { type: 'boolean', default: false, describe: 'one JSON document on stdout, progress on stderr' },
  quiet: { type: 'boolean', default: false, describe: 'results only' },
  config: { type: 'string', describe: 'settings file (default: predictable.yaml, if there is one)' },
} as const satisfies Record<string, Options>;

export const REGISTRY = {
  registry: {
    type: 'string',
    default: process.env.PREDICTABLE_REGISTRY ?? 'duckdb:predictable.duckdb',
    // The variable may hold a password, which help must not print.
    defaultDescription: 'PREDICTABLE_REGISTRY, else duckdb:predictable.duckdb',
    describe: 'duckdb:FILE, mssql://user@host/database, or a profile',
    group: 'Registry:',
  },
  'password-stdin': {
    type: 'boolean',
    default: false,
    describe: 'read the password of the server from stdin (else PREDICTABLE_PASSWORD, or a prompt)',
    group: 'Registry:',
  },
} as const satisfies Record<string, Options>;

/** For commands that need no registry: what it holds beside models. */
export const SAMPLE_REGISTRY = {
  registry: {
    type: 'string',
    describe: 'registry that the model is for: its server says the target, and has the table of --sample table:NAME',
    group: 'Registry:',
  },
  'password-stdin': REGISTRY['password-stdin'],
} as const satisfies Record<string, Options>;

/** A version, as an argument. */
export const NAME = { type: 'string', demandOption: true, describe: 'name, name@3 or name@alias' } as const;

export const ENVIRONMENT = {
  python: { type: 'string', describe: 'interpreter to build environments with', group: 'Python:' },
  wheelhouse: { type: 'string', describe: 'folder of wheels to install from, without an index', group: 'Python:' },
  wheel: { type: 'array', string: true, describe: 'wheel of your own that a pickle needs', group: 'Python:' },
  requirements: { type: 'string', describe: 'requirements file of your own that a pickle needs', group: 'Python:' },
} as const satisfies Record<string, Options>;

/** Which converter, where the file leaves a choice. */
export const CONVERTER = {
  converter: { type: 'string', describe: 'the converter to use, where several could' },
  environment: {
    type: 'string',
    describe: "the converter's environment to use, by name, where the file's own would be another",
    group: 'Python:',
  },
} as const satisfies Record<string, Options>;

export const TRUST = {
  trust: {
    type: 'boolean',
    default: false,
    describe: 'load pickles of this command: they may run code',
    group: 'Trust:',
  },
  'trust-sha256': { type: 'array', string: true, describe: 'load the file with this sha256', group: 'Trust:' },
  'trust-lock': { type: 'string', describe: 'load the files listed in this trust.lock', group: 'Trust:' },
} as const satisfies Record<string, Options>;

export const TARGET = {
  target: {
    choices: TARGET_IDS,
    default: 'sql-edge',
    describe: 'engine that the model is for',
    group: 'Conversion:',
  },
} as const satisfies Record<string, Options>;

export const NORMALIZATION = {
  ...TARGET,
  columns: { type: 'string', describe: 'names of the columns: a,b,c', group: 'Conversion:' },
  'on-null': {
    type: 'string',
    describe: 'missing values: error, nan, or a number that replaces them',
    group: 'Conversion:',
  },
  'on-unknown': {
    choices: ['error', 'null', 'zeros'] as const,
    describe: 'categories never seen: refuse the run, predict NULL, or none of the known ones',
    group: 'Conversion:',
  },
  'batch-dim': {
    // yargs would take 1 for a number.
    type: 'string',
    choices: ['N', '1'] as const,
    default: 'N',
    describe: 'first dimension of each tensor',
    group: 'Conversion:',
  },
  outputs: { type: 'string', describe: 'keep these outputs only: a,b', group: 'Conversion:' },
  top: { type: 'number', describe: 'of many classes, only the K most likely ones', group: 'Conversion:' },
  weights: {
    choices: ['float32', 'float16'] as const,
    defaultDescription: 'float32',
    describe: 'float16 halves the file, at the cost of precision',
    group: 'Conversion:',
  },
  'image-size': {
    type: 'string',
    describe: 'HEIGHTxWIDTH of the pictures in the columns, which the graph resizes',
    group: 'Conversion:',
  },
} as const satisfies Record<string, Options>;

/** What a network's file may leave open. */
export const NETWORK = {
  input: {
    type: 'array',
    string: true,
    describe: 'an input that the file does not describe, as name:dtype:N,4',
    group: 'Networks:',
  },
  factory: {
    type: 'string',
    describe: 'module:function of yours that makes the network, for a file of weights',
    group: 'Networks:',
  },
  signature: { type: 'string', describe: 'which signature of a saved model', group: 'Networks:' },
  tag: { type: 'string', describe: 'which tag of a saved model', group: 'Networks:' },
} as const satisfies Record<string, Options>;

export const VERIFICATION = {
  sample: {
    type: 'string',
    describe: 'rows like the training data: CSV, Parquet, JSON, or table:NAME of the registry',
    group: 'Verification:',
  },
  rtol: { type: 'number', describe: 'relative tolerance (default 1e-4)', group: 'Verification:' },
  atol: { type: 'number', describe: 'absolute tolerance (default 1e-5)', group: 'Verification:' },
} as const satisfies Record<string, Options>;

export const TIMEOUT = {
  timeout: { type: 'number', describe: 'seconds that one call may take', group: 'Conversion:' },
} as const satisfies Record<string, Options>;

/** A command's examples, as `[arguments, what it does]`. */
export function withExamples<T>(yargs: Argv<T>, examples: [string, string][]): Argv<T> {
  return examples.reduce((argv, [example, description]) => argv.example(`$0 ${example}`, description), yargs);
}

/** What `detect` and `trust` look at. */
export const MODEL_PATHS = {
  type: 'string',
  array: true,
  demandOption: true,
  describe: 'model files; folders are searched',
} as const;

/** The rows of `score` and `diff`. */
export const ROWS = {
  data: {
    type: 'string',
    demandOption: true,
    describe: 'rows: CSV, Parquet, JSON, duckdb:FILE#TABLE, or a table of the registry’s server or file (table:NAME)',
  },
  map: { type: 'array', string: true, describe: 'names that differ: column=input' },
} as const;

/** What `inspect` and `normalize` take. */
export const ONNX_FILE = { type: 'string', demandOption: true, describe: 'an ONNX file' } as const;
