/** The options that several commands share, each in one place. */

import type { Argv, Options } from 'yargs';

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

export const TRUST = {
  trust: {
    type: 'boolean',
    default: false,
    describe: 'load pickles of this command: they may run code',
    group: 'Trust:',
  },
  'trust-sha256': { type: 'array', string: true, describe: 'load the file with this sha256', group: 'Trust:' },
  'trust-lock': { type: 'string', describe: 'load the files listed in this trust.lock', group: 'Trust:' },
  'require-sandbox': {
    type: 'boolean',
    default: false,
    describe: 'load nothing where a wall of the sandbox is missing (files, network, exec, memory)',
    group: 'Trust:',
  },
} as const satisfies Record<string, Options>;

/** For scoring; a conversion's own is in the table of its options. */
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
