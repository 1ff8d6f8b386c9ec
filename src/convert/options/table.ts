/**
 * The options of a conversion, a row each: how the command line and a zoo.yaml write it, which functions take it, and what
 * depends on it. From these rows come the options of `convert`, `batch`, `normalize` and `verify` with their help, the
 * schema of zoo.yaml, the types of the API, what converters are asked, what the normaliser is told, provenance and the keys
 * of a run. A new option is a row here, and the code that does what it says.
 */

import type { GivenInput } from '../../converters/request.js';
import type { Frame } from '../../rows/frame.js';
import { TARGET_IDS, type TargetId } from '../../targets/targets.js';
import { DEFAULT_ATOL, DEFAULT_RTOL } from '../../verify/tolerance.js';
import { factoryOf } from './factory.js';
import type { OptionRow } from './row.js';
import {
  FACTORY,
  GIVEN_INPUT,
  givenInputs,
  IMAGE_SIZE,
  imageSize,
  milliseconds,
  names,
  nullPolicy,
  wholeNumber,
} from './text.js';

/** Enough for each kind of them and a few hundred thresholds; most originals predict them in less than a second. */
const DEFAULT_PROBE_ROWS = 2000;

/** In the order of the command line's help. */
export const OPTIONS = {
  /** The engine that the model is for; SQL Edge 2.0 when it is not said. */
  target: {
    option: 'target',
    describe: 'engine that the model is for',
    argument: {
      choices: TARGET_IDS,
      // No default of its own: a registry may say it.
      defaultDescription: "sql-edge, or the engine of the registry's server",
      group: 'Conversion:',
    },
    zoo: { kind: 'choice', takes: `one of ${TARGET_IDS.join(', ')}` },
    read: as<TargetId>,
    takenBy: ['convert', 'normalize', 'verify'],
    recorded: true,
    decides: true,
  },
  /** Names of the columns, in the order of training; they win over the sample's and the model's. */
  columns: {
    option: 'columns',
    describe: 'names of the columns, in the order of training',
    argument: { type: 'string', group: 'Conversion:', describe: 'names of the columns: a,b,c' },
    zoo: { kind: 'names', takes: 'a list of names, or a,b,c' },
    read: names,
    takenBy: ['convert', 'normalize', 'verify'],
    ask: orNull<string[]>,
    normalizer: 'columnNames',
    recorded: true,
    decides: true,
  },
  /** What a missing value becomes: an error, NaN, or a number. */
  onNull: {
    option: 'on-null',
    describe: 'missing values: `error`, `nan`, or a number that replaces them',
    argument: { type: 'string', group: 'Conversion:' },
    zoo: { kind: 'null policy', takes: 'error, nan or a number' },
    read: nullPolicy,
    takenBy: ['convert', 'normalize'],
    normalizer: 'onNull',
    recorded: true,
    decides: true,
  },
  /** What a category that the model never saw becomes. */
  onUnknown: {
    option: 'on-unknown',
    describe: 'categories never seen: refuse the run, predict NULL, or none of the known ones',
    argument: { choices: ['error', 'null', 'zeros'], group: 'Conversion:' },
    zoo: { kind: 'choice', takes: 'error, null or zeros' },
    read: as<'error' | 'null' | 'zeros'>,
    takenBy: ['convert', 'normalize'],
    normalizer: 'onUnknown',
    recorded: true,
    decides: true,
  },
  /** First dimension of each tensor: any number of rows, or one. */
  batch: {
    option: 'batch-dim',
    describe: 'first dimension of each tensor',
    // yargs would take 1 for a number.
    argument: { type: 'string', choices: ['N', '1'], default: 'N', group: 'Conversion:' },
    zoo: { kind: 'batch', takes: 'N or 1' },
    read: (said: 'N' | '1' | 1) => (said === 'N' ? 'N' : 1),
    takenBy: ['convert', 'normalize'],
    normalizer: 'batch',
    recorded: true,
    decides: true,
  },
  /** The outputs that are kept. */
  outputs: {
    option: 'outputs',
    describe: 'keep these outputs only',
    argument: { type: 'string', group: 'Conversion:', describe: 'keep these outputs only: a,b' },
    zoo: { kind: 'names', takes: 'a list of names, or a,b' },
    read: names,
    takenBy: ['convert', 'normalize', 'verify'],
    ask: orNull<string[]>,
    normalizer: 'outputs',
    recorded: true,
    decides: true,
  },
  /** Only the K largest of the widest output's columns, and which they are. */
  top: {
    option: 'top',
    describe: 'of many classes, only the K most likely ones',
    argument: { type: 'number', group: 'Conversion:' },
    zoo: { kind: 'whole number', takes: 'a whole number above 0' },
    read: (said: number) => wholeNumber('--top', said),
    takenBy: ['convert', 'normalize'],
    normalizer: 'top',
    recorded: true,
    decides: true,
  },
  /** Weights in half precision, cast back in the graph. */
  weights: {
    option: 'weights',
    describe: '`float16` halves the file, at the cost of precision',
    argument: { choices: ['float32', 'float16'], defaultDescription: 'float32', group: 'Conversion:' },
    zoo: { kind: 'choice', takes: 'float32 or float16' },
    read: as<'float32' | 'float16'>,
    takenBy: ['convert', 'normalize'],
    normalizer: 'weights',
    recorded: true,
    decides: true,
  },
  /** Inputs of a network whose file does not describe them. */
  inputs: {
    option: 'input',
    describe: "a network's input that the file does not describe",
    argument: {
      type: 'array',
      string: true,
      group: 'Networks:',
      describe: 'an input that the file does not describe, as name:dtype:N,4',
    },
    zoo: { kind: 'patterns', pattern: GIVEN_INPUT, takes: 'name:dtype:shape, like x:float:N,4, or a list of such' },
    read: givenInputs,
    takenBy: ['convert', 'verify'],
    ask: (given: GivenInput[] | undefined) => given ?? [],
    recorded: true,
    decides: true,
  },
  /** `module:function` of the user's that makes the network which the file's weights belong to. */
  factory: {
    option: 'factory',
    describe: 'function of yours that makes the network, for a file of weights; its module lies beside the model',
    argument: {
      type: 'string',
      group: 'Networks:',
      describe: 'module:function of yours that makes the network, for a file of weights',
    },
    zoo: { kind: 'pattern', pattern: FACTORY, takes: 'module:function' },
    read: as<string>,
    takenBy: ['convert', 'verify'],
    ask: factoryOf,
    recorded: true,
    decides: true,
  },
  /** Which of a saved model's signatures is meant. */
  signature: {
    option: 'signature',
    describe: 'which signature of a saved model',
    argument: { type: 'string', group: 'Networks:' },
    zoo: { kind: 'text', takes: 'text' },
    read: as<string>,
    takenBy: ['convert', 'verify'],
    ask: orNull<string>,
    recorded: true,
    decides: true,
  },
  /** Which of a saved model's tags is meant. */
  tag: {
    option: 'tag',
    describe: 'which tag of a saved model',
    argument: { type: 'string', group: 'Networks:' },
    zoo: { kind: 'text', takes: 'text' },
    read: as<string>,
    takenBy: ['convert', 'verify'],
    ask: orNull<string>,
    recorded: true,
    decides: true,
  },
  /** Height and width of the pictures that the columns hold; the graph resizes them. */
  imageSize: {
    option: 'image-size',
    describe: 'height and width of the pictures in the columns, which the graph resizes',
    argument: {
      type: 'string',
      group: 'Conversion:',
      describe: 'HEIGHTxWIDTH of the pictures in the columns, which the graph resizes',
    },
    zoo: { kind: 'pattern', pattern: IMAGE_SIZE, takes: 'HEIGHTxWIDTH, like 16x16' },
    read: imageSize,
    takenBy: ['convert', 'normalize', 'verify'],
    ask: orNull<[number, number]>,
    normalizer: 'imageSize',
    recorded: true,
    decides: true,
  },
  /** Rows like the training data: a CSV, Parquet or JSON file, or rows at hand; the model's sidecar when it is not said. */
  sample: {
    option: 'sample',
    describe: 'rows like the training data: a CSV, Parquet or JSON file, relative to the zoo.yaml',
    argument: {
      type: 'string',
      group: 'Verification:',
      describe: 'rows like the training data: CSV, Parquet, JSON, or table:NAME of the registry',
    },
    zoo: { kind: 'text', takes: 'the path of a file' },
    read: as<string | Frame>,
    takenBy: ['convert', 'verify'],
    recorded: false,
    // By its rows, not by where they lie: see `contentKeys`.
    decides: false,
  },
  /** Relative tolerance of the verification. */
  rtol: {
    option: 'rtol',
    describe: 'relative tolerance',
    argument: {
      type: 'number',
      group: 'Verification:',
      describe: `relative tolerance (default ${DEFAULT_RTOL.toExponential()})`,
    },
    zoo: { kind: 'number of 0 or above', takes: 'a number of 0 or above' },
    read: as<number>,
    takenBy: ['convert', 'verify'],
    recorded: false,
    decides: true,
  },
  /** Absolute tolerance of the verification. */
  atol: {
    option: 'atol',
    describe: 'absolute tolerance',
    argument: {
      type: 'number',
      group: 'Verification:',
      describe: `absolute tolerance (default ${DEFAULT_ATOL.toExponential()})`,
    },
    zoo: { kind: 'number of 0 or above', takes: 'a number of 0 or above' },
    read: as<number>,
    takenBy: ['convert', 'verify'],
    recorded: false,
    decides: true,
  },
  /** Rows that are made where models break, and predicted by the original beside the sample's. */
  probeRows: {
    option: 'probe-rows',
    describe: 'rows that are made where models break, and verified beside the sample; 0 for none',
    argument: {
      type: 'number',
      group: 'Verification:',
      describe: `rows made where models break, verified beside the sample; 0: none (default ${DEFAULT_PROBE_ROWS})`,
    },
    zoo: { kind: 'whole number of 0 or above', takes: 'a whole number of 0 or above' },
    read: (said: number) => wholeNumber('--probe-rows', said, 0),
    takenBy: ['convert', 'verify'],
    ask: (given: number | undefined) => given ?? DEFAULT_PROBE_ROWS,
    recorded: false,
    decides: true,
  },
  /** Id of the converter to use, where several read the format. */
  converter: {
    option: 'converter',
    describe: 'the converter to use, where several could',
    argument: { type: 'string' },
    zoo: { kind: 'text', takes: "a converter's name" },
    read: as<string>,
    takenBy: ['convert', 'verify'],
    recorded: false,
    decides: true,
  },
  /** Of the converter's environments the one of this name, whatever the file says. */
  environment: {
    option: 'environment',
    describe: "the converter's environment to use, by name",
    argument: {
      type: 'string',
      group: 'Python:',
      describe: "the converter's environment to use, by name, where the file's own would be another",
    },
    zoo: { kind: 'text', takes: "an environment's name" },
    read: as<string>,
    takenBy: ['convert', 'verify'],
    recorded: false,
    decides: true,
  },
  /** Milliseconds that one call may take; the command line and a zoo.yaml say it in seconds. */
  timeout: {
    option: 'timeout',
    describe: 'seconds that one call may take',
    argument: { type: 'number', group: 'Conversion:' },
    zoo: { kind: 'number above 0', takes: 'a number of seconds above 0' },
    read: milliseconds,
    takenBy: ['convert', 'normalize', 'verify'],
    recorded: false,
    decides: false,
  },
  /** Element type of the columns of numbers; `auto` takes double for those where float would change predictions. */
  precision: {
    option: 'precision',
    describe: 'element type of the columns; `auto`: float, and double where float would change predictions',
    argument: { choices: ['float', 'double', 'auto'], default: 'auto', group: 'Conversion:' },
    zoo: { kind: 'choice', takes: 'float, double or auto' },
    read: as<'float' | 'double' | 'auto'>,
    takenBy: ['convert'],
    recorded: true,
    decides: true,
  },
  /** Let a model through of which more than 1 % of the rows change when their numbers are rounded to the columns. */
  allowRounding: {
    option: 'allow-rounding',
    describe: 'accept a model of which rounding to its columns changes more than 1 % of the rows',
    argument: { type: 'boolean', group: 'Verification:' },
    zoo: { kind: 'truth', takes: 'true or false' },
    read: as<boolean>,
    takenBy: ['convert'],
    recorded: true,
    decides: true,
  },
} as const satisfies Record<string, OptionRow>;

/** What is written is the value itself. */
function as<T>(said: T): T {
  return said;
}

function orNull<T>(value: T | undefined): T | null {
  return value ?? null;
}
