/** The options of a conversion as programs hand them over, and what each stage takes of them: all from the table's rows. */

import type { ConverterRequest } from '../../converters/request.js';
import type { NormalizeOptions } from '../../graph/normalize-options.js';
import type { OptionRow, Taker } from './row.js';
import { OPTIONS } from './table.js';

type Rows = typeof OPTIONS;
export type OptionName = keyof Rows;

/** What the command line or a zoo.yaml writes for an option. */
export type Said<K extends OptionName> = Exclude<Parameters<Rows[K]['read']>[0], undefined>;
type Value<K extends OptionName> = Exclude<ReturnType<Rows[K]['read']>, undefined>;

/** By its name in programs, the value of each option that is said. */
export type ConversionOptions = { -readonly [K in OptionName]?: Value<K> | undefined };

/** Those that one of the functions takes. */
export type TakenBy<T extends Taker> = {
  [K in OptionName]: T extends Rows[K]['takenBy'][number] ? K : never;
}[OptionName];

/** Those that the converter's Python side is told as they are. */
type Asked = { [K in OptionName]: Rows[K] extends { ask: unknown } ? K : never }[OptionName];
type Requested = { [K in Asked]: Rows[K] extends { ask: (...given: never) => infer V } ? V : never };

/** Those that the normaliser is told, by its own names for them. */
type Told = { [K in OptionName]: Rows[K] extends { normalizer: string } ? K : never }[OptionName];
type Normalizing = {
  [K in Told as Rows[K] extends { normalizer: infer N extends string } ? N : never]: ConversionOptions[K];
};

/** What a zoo.yaml or the arguments of a command say, by the options' own names. */
type SaidOptions = { [K in OptionName as Rows[K]['option']]?: Said<K> | undefined };

/** The rows, without what TypeScript knows of each. */
export const ROWS = Object.entries(OPTIONS) as [OptionName, OptionRow][];

/** Only the options that are said. Throws USAGE. */
export function readOptions(said: SaidOptions): ConversionOptions {
  const by: Record<string, unknown> = said;
  return withValues(
    ROWS.map(([name, { option, read }]) => [name, by[option] === undefined ? undefined : read(by[option] as never)]),
  );
}

/** What the converter's Python side is told; `file`: the model as the user named it. Throws USAGE. */
export function requested(options: ConversionOptions, file: string): Requested & Partial<ConverterRequest> {
  const asked = ROWS.flatMap(([name, { ask }]) =>
    ask === undefined ? [] : [[name, ask(options[name] as never, file)]],
  );
  return Object.fromEntries(asked);
}

/** What the normaliser is told. */
export function normalizing(options: ConversionOptions): Normalizing & Partial<NormalizeOptions> {
  return withValues(
    ROWS.flatMap(([name, { normalizer }]) => (normalizer === undefined ? [] : [[normalizer, options[name]]])),
  );
}

/** What provenance keeps, by the names of programs. */
export function recorded(options: ConversionOptions): ConversionOptions {
  return withValues(ROWS.flatMap(([name, row]) => (row.recorded ? [[name, options[name]]] : [])));
}

/** What decides a model's result: when it changes, a batch does the model again. */
export function deciding(options: ConversionOptions): ConversionOptions {
  return withValues(ROWS.flatMap(([name, { decides }]) => (decides ? [[name, options[name]]] : [])));
}

/** The options that are said: those that are not would hide others beneath them. */
export function given<T extends object>(options: T): T {
  return withValues(Object.entries(options));
}

/** An object of those that have a value. */
function withValues<T>(all: [string, unknown][]): T {
  return Object.fromEntries(all.filter(([, value]) => value !== undefined)) as T;
}
