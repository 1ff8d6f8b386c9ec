/** What a `zoo.yaml` may say, as a schema: what it is held to, and what `schemas/zoo.schema.json` publishes. */

import { z } from 'zod';
import { FACTORY, GIVEN_INPUT, IMAGE_SIZE } from '../../convert/option-text.js';
import { TARGET_IDS } from '../../targets/targets.js';

const text = z.string().min(1);
const names = z.union([z.array(z.union([text, z.number()])).min(1), text]);
const oneOrMore = z.union([z.array(text).min(1), text]);
const aboveZero = z.number().positive();

/** Options of `predictable convert`, by their names there. */
const OPTIONS = {
  sample: text.describe('rows like the training data: a CSV, Parquet or JSON file, relative to the zoo.yaml'),
  columns: names.describe('names of the columns, in the order of training'),
  precision: z
    .enum(['float', 'double', 'auto'])
    .describe('element type; `auto` takes double where it runs and comes closer'),
  'on-null': z
    .union([z.enum(['error', 'nan']), z.number()])
    .describe('missing values: `error`, `nan`, or a number that replaces them'),
  'on-unknown': z
    .enum(['error', 'null', 'zeros'])
    .describe('categories never seen: refuse the run, predict NULL, or none of the known ones'),
  'batch-dim': z.union([z.enum(['N', '1']), z.literal(1)]).describe('first dimension of each tensor'),
  outputs: names.describe('keep these outputs only'),
  top: z.number().int().positive().describe('of many classes, only the K most likely ones'),
  weights: z.enum(['float32', 'float16']).describe('`float16` halves the file, at the cost of precision'),
  'image-size': z
    .string()
    .regex(IMAGE_SIZE)
    .describe('height and width of the pictures in the columns, which the graph resizes'),
  input: z
    .union([z.array(z.string().regex(GIVEN_INPUT)).min(1), z.string().regex(GIVEN_INPUT)])
    .describe("a network's input that the file does not describe"),
  factory: z
    .string()
    .regex(FACTORY)
    .describe('function of yours that makes the network, for a file of weights; its module lies beside the model'),
  signature: text.describe('which signature of a saved model'),
  tag: text.describe('which tag of a saved model'),
  rtol: z.number().nonnegative().describe('relative tolerance'),
  atol: z.number().nonnegative().describe('absolute tolerance'),
  converter: text.describe('the converter to use, where several could'),
  environment: text.describe("the converter's environment to use, by name"),
  timeout: aboveZero.describe('seconds that one call may take'),
};

const TARGETS = {
  target: z.enum(TARGET_IDS).describe('engine that the model is for'),
  targets: z.array(z.enum(TARGET_IDS)).min(1).describe('several engines: a model for each, named `<name>-<target>`'),
};

const TAGS = { tags: oneOrMore.describe('words to find the models by in the report') };

const optionsSchema = z.strictObject({ ...TAGS, ...TARGETS, ...OPTIONS }).partial();

const entrySchema = optionsSchema.extend({
  path: oneOrMore.describe(
    'the file or folder, relative to the zoo.yaml; or a list; `*`, `**` and `{a,b}` stand for many, `!` before one leaves out',
  ),
  name: text.optional().describe('name of the model, where it is one; without it, its path makes the name'),
});
export type ZooEntry = z.infer<typeof entrySchema>;
export type ZooOptions = z.infer<typeof optionsSchema>;

export const zooFileSchema = z.strictObject({
  schema: z.literal(1).describe('version of this format'),
  title: text.optional().describe('what the report calls the zoo'),
  defaults: optionsSchema.optional().describe('options of every model that does not say them itself'),
  models: z.array(entrySchema).min(1).describe('the models; an entry whose path stands for many is a group'),
});
export type ZooFile = z.infer<typeof zooFileSchema>;

/** How messages say what a key takes. */
export const TAKES: Record<keyof ZooFile | keyof ZooEntry, string> = {
  schema: '1',
  title: 'text',
  defaults: 'options by their names',
  models: 'a list of models, each with its path',
  path: 'a path, or a list of paths',
  name: 'text',
  tags: 'a word, or a list of words',
  target: `one of ${TARGET_IDS.join(', ')}`,
  targets: `a list of ${TARGET_IDS.join(', ')}`,
  sample: 'the path of a file',
  columns: 'a list of names, or a,b,c',
  precision: 'float, double or auto',
  'on-null': 'error, nan or a number',
  'on-unknown': 'error, null or zeros',
  'batch-dim': 'N or 1',
  outputs: 'a list of names, or a,b',
  top: 'a whole number above 0',
  weights: 'float32 or float16',
  'image-size': 'HEIGHTxWIDTH, like 16x16',
  input: 'name:dtype:shape, like x:float:N,4, or a list of such',
  factory: 'module:function',
  signature: 'text',
  tag: 'text',
  rtol: 'a number of 0 or above',
  atol: 'a number of 0 or above',
  converter: "a converter's name",
  environment: "an environment's name",
  timeout: 'a number of seconds above 0',
};

const BY_HAND = 'a file that came with the models must not';

/** Options of the command line that a zoo has not, and why. */
export const REFUSED: Record<string, string> = {
  trust: `who may run code is said on the command line (--trust-lock trust.lock), ${BY_HAND} grant it`,
  'trust-sha256': `who may run code is said on the command line (--trust-lock trust.lock), ${BY_HAND} grant it`,
  'trust-lock': `who may run code is said on the command line (--trust-lock trust.lock), ${BY_HAND} grant it`,
  python: `the interpreter is chosen on the command line, ${BY_HAND} start programs`,
  wheelhouse: `packages come from where the command line says, ${BY_HAND} install any`,
  wheel: `packages of your own are given on the command line, ${BY_HAND} install any`,
  requirements: `packages of your own are given on the command line, ${BY_HAND} install any`,
  registry: `the registry is named on the command line or by PREDICTABLE_REGISTRY, ${BY_HAND} choose who gets the password`,
  password: 'passwords are in the environment (PREDICTABLE_PASSWORD) or asked for, never in a file',
  'password-stdin': 'passwords are in the environment (PREDICTABLE_PASSWORD) or asked for, never in a file',
  'keep-unverified':
    'a model that does not verify has no place in a run; `predictable convert --keep-unverified` writes one',
  output: 'where results go is said on the command line: -o FOLDER',
  jobs: 'how many models are converted at once is said on the command line: --jobs N',
  inputs: 'it is called input here, as on the command line',
};
