/** Names of output columns: the converter's, or the raw output's; none equal to another or to an input, ignoring case. */

import { PredictableError } from '../errors.js';
import type { Draft } from './draft.js';

/** One list per output, in order. Throws USAGE when `outputs` asks for a column that there is not. */
export function nameOutputs(draft: Draft, widths: number[]): string[][] {
  const taken = new Set(draft.columns.map(({ name }) => name.toLowerCase()));
  const names = draft.outputs.map(({ names: given, source }, index) => {
    const width = widths[index] ?? 1;
    const wanted = given ?? (width === 1 ? [source] : Array.from({ length: width }, (_, at) => `${source}_${at + 1}`));
    return wanted.map((name) => unique(draft, name, taken));
  });
  const known = names.flat();
  const unknown = draft.options.outputs?.filter((name) => !known.includes(name)) ?? [];
  if (unknown.length > 0 || draft.options.outputs?.length === 0) {
    throw new PredictableError(
      'USAGE',
      `The model has no output ${unknown.map((name) => `"${name}"`).join(', ') || 'left'}.`,
      {
        hint: `Its outputs are: ${known.join(', ')}.`,
      },
    );
  }
  return names;
}

function unique(draft: Draft, wanted: string, taken: Set<string>): string {
  let name = wanted;
  for (let count = 2; taken.has(name.toLowerCase()); count += 1) name = `${wanted}_${count}`;
  taken.add(name.toLowerCase());
  if (name !== wanted) {
    draft.warnings.push({
      code: 'OUTPUT_RENAMED',
      message: `Output "${wanted}" is called "${name}", since another column has that name in SQL.`,
    });
  }
  return name;
}
