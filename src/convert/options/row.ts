/** What a row of the table of options says. */

import type { NormalizeOptions } from '../../graph/normalize-options.js';

/** The functions that take options: `convertModel` (and so `convert` and `batch`), `normalizeFile` and `verifyAgainst`. */
export type Taker = 'convert' | 'normalize' | 'verify';

/** What a zoo.yaml may write; `batch/zoo/zoo-schema.ts` has a schema for each. */
export type ZooKind =
  | 'text'
  | 'names'
  | 'choice'
  | 'pattern'
  | 'patterns'
  | 'null policy'
  | 'batch'
  | 'truth'
  | 'whole number'
  | 'whole number of 0 or above'
  | 'number of 0 or above'
  | 'number above 0';

export interface OptionRow {
  /** What the command line (`--on-null`) and a zoo.yaml (`on-null:`) call it. */
  option: string;
  /** What it is for, in a line. Backticks are around what is typed; the command line's help is without them. */
  describe: string;
  /** As yargs takes it; a `describe` where the command line says it in other words. */
  argument: {
    type?: 'string' | 'number' | 'boolean' | 'array';
    string?: true;
    choices?: readonly string[];
    default?: string;
    defaultDescription?: string;
    /** The heading in `--help`. */
    group?: 'Conversion:' | 'Networks:' | 'Verification:' | 'Python:';
    describe?: string;
  };
  /** `takes`: how messages say what the key takes. `pattern`: of the text, for the kinds that have one. */
  zoo: { kind: ZooKind; takes: string; pattern?: RegExp };
  /** The value from what was written on the command line or in a zoo.yaml. Throws USAGE. */
  read: (said: never) => unknown;
  takenBy: readonly [Taker, ...Taker[]];
  /** The field of the same name in the request to a converter, from the value and the model's file. */
  ask?: (value: never, file: string) => unknown;
  /** What the normaliser calls it. */
  normalizer?: keyof NormalizeOptions;
  /** Whether provenance keeps it. */
  recorded: boolean;
  /** Whether a batch does a model again when it has changed. */
  decides: boolean;
}
