/** What a `zoo.yaml` may say, as a schema: what it is held to, and what `schemas/zoo.schema.json` publishes. */

import { z } from 'zod';
import { type OptionName, ROWS, type Said } from '../../convert/options/conversion-options.js';
import type { OptionRow, ZooKind } from '../../convert/options/row.js';
import { OPTIONS } from '../../convert/options/table.js';
import { TARGET_IDS } from '../../targets/targets.js';

const text = z.string().min(1);
const oneOrMore = z.union([z.array(text).min(1), text]);

/** What each kind of option takes. */
const KINDS: Record<ZooKind, (row: OptionRow) => z.ZodType> = {
  text: () => text,
  names: () => z.union([z.array(z.union([text, z.number()])).min(1), text]),
  choice: ({ argument }) => z.enum(argument.choices ?? []),
  pattern: matching,
  patterns: (row) => z.union([z.array(matching(row)).min(1), matching(row)]),
  'null policy': () => z.union([z.enum(['error', 'nan']), z.number()]),
  batch: () => z.union([z.enum(['N', '1']), z.literal(1)]),
  truth: () => z.boolean(),
  'whole number': () => z.number().int().positive(),
  'whole number of 0 or above': () => z.number().int().nonnegative(),
  'number of 0 or above': () => z.number().nonnegative(),
  'number above 0': () => z.number().positive(),
};

function matching({ zoo }: OptionRow): z.ZodString {
  return zoo.pattern === undefined ? z.string() : z.string().regex(zoo.pattern);
}

type Rows = typeof OPTIONS;
/** In a file, rows are named by theirs. */
type Written<K extends OptionName> = K extends 'sample' ? string : Said<K>;
/** Options of a conversion, by their names on the command line. */
type Options = { [K in OptionName as Rows[K]['option']]: z.ZodType<Written<K>> };

/** Said most often, so first on the page and in what editors offer. */
const FIRST: OptionName[] = [
  'sample',
  'columns',
  'precision',
  'onNull',
  'onUnknown',
  'batch',
  'outputs',
  'top',
  'weights',
  'imageSize',
];

const SORTED = [...ROWS].sort(([a], [b]) => place(a) - place(b));

/** Those that are not first stay in the order of their table. */
function place(name: OptionName): number {
  const at = FIRST.indexOf(name);
  return at === -1 ? FIRST.length : at;
}

const { target, ...OPTIONS_BUT_TARGET } = Object.fromEntries(
  SORTED.map(([, row]) => [row.option, KINDS[row.zoo.kind](row).describe(row.describe)]),
) as Options;

const TARGETS = {
  target,
  targets: z.array(z.enum(TARGET_IDS)).min(1).describe('several engines: a model for each, named `<name>-<target>`'),
};

const TAGS = { tags: oneOrMore.describe('words to find the models by in the report') };

const optionsSchema = z.strictObject({ ...TAGS, ...TARGETS, ...OPTIONS_BUT_TARGET }).partial();

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
  target: OPTIONS.target.zoo.takes,
  targets: `a list of ${TARGET_IDS.join(', ')}`,
  ...(Object.fromEntries(SORTED.map(([, { option, zoo }]) => [option, zoo.takes])) as Record<
    Exclude<keyof Options, 'target'>,
    string
  >),
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
  'allow-outside': `how far a zoo reaches is said on the command line, ${BY_HAND} choose among your files`,
  output: 'where results go is said on the command line: -o FOLDER',
  jobs: 'how many models are converted at once is said on the command line: --jobs N',
  inputs: 'it is called input here, as on the command line',
};
