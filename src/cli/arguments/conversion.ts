/** The options of a conversion as yargs takes them, from their table. */

import type { Options } from 'yargs';
import { type OptionName, ROWS, type TakenBy } from '../../convert/options/conversion-options.js';
import type { Taker } from '../../convert/options/row.js';
import type { OPTIONS } from '../../convert/options/table.js';
import { DEFAULT_TARGET } from '../../targets/targets.js';

type Rows = typeof OPTIONS;
type ArgumentsOf<K extends OptionName> = { [N in K as Rows[N]['option']]: Rows[N]['argument'] };

/** By their names on the command line, in the order of help. */
function argumentsTakenBy<T extends Taker>(taker: T): ArgumentsOf<TakenBy<T>> {
  const rows = ROWS.filter(([, { takenBy }]) => takenBy.includes(taker));
  const all = rows.map(([, { option, describe, argument }]) => [
    option,
    { describe: describe.replaceAll('`', ''), ...argument },
  ]);
  return Object.fromEntries(all) as ArgumentsOf<TakenBy<T>>;
}

export const CONVERSION = {
  ...argumentsTakenBy('convert'),
  'keep-unverified': {
    type: 'boolean',
    default: false,
    describe: 'write a model that did not verify, too',
    group: 'Verification:',
  },
} as const satisfies Record<string, Options>;

/** Where no registry says the target. */
const TARGET = {
  target: { ...CONVERSION.target, default: DEFAULT_TARGET, defaultDescription: undefined },
} as const satisfies Record<string, Options>;

export const NORMALIZATION = { ...argumentsTakenBy('normalize'), ...TARGET } as const satisfies Record<string, Options>;

export const VERIFICATION = { ...argumentsTakenBy('verify'), ...TARGET } as const satisfies Record<string, Options>;
