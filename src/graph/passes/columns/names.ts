/** Names of input columns: the converter's, the user's (`--columns`), or, where a place is a name, the tensor's with indices. */

import { PredictableError } from '../../../errors.js';
import type { ValueInfo } from '../../codec/model.js';
import type { Draft } from '../../draft.js';
import { goodName, indexedNames } from '../../good-name.js';
import { pictureOf } from './pictures.js';

/**
 * One list per input. Throws MISSING_COLUMNS where nobody says them: values of a picture or a series are known by their
 * place, those of a wide [N,F] are not.
 */
export function nameColumns(draft: Draft, inputs: ValueInfo[]): string[][] {
  const { facts, columnNames: given } = draft.options;
  if (facts) {
    const inputOf = firstBy(facts.inputs, ({ tensor }) => tensor);
    return inputs.map(({ name }) => {
      const columns = inputOf.get(name)?.columns;
      if (columns === undefined) throw missing(`the converter does not say which columns make input "${name}"`);
      return columns;
    });
  }
  const widths = inputs.map((input) => widthOf(draft, input));
  if (given === undefined) {
    return inputs.map((input, index) => {
      const { name } = input;
      const width = widths[index] ?? null;
      const base = draft.previous ? name : goodName(name, 'input');
      if (width === 1) return [base];
      const sizes = sizesOf(draft, input);
      if (width !== null && sizes !== null && sizes.length > 1) return indexedNames(base, sizes.map(Number));
      throw missing(
        `input "${name}" takes ${width ?? 'an unknown number of'} columns, and the model does not say their names`,
      );
    });
  }
  // One input may have an open width: it takes what the others leave.
  const open = widths.filter((width) => width === null).length;
  const known = widths.reduce<number>((sum, width) => sum + (width ?? 0), 0);
  if (open > 1 || (open === 0 ? known !== given.length : known >= given.length)) {
    throw new PredictableError(
      'COLUMN_MISMATCH',
      `${given.length} column names were given, but the model's inputs take ${open > 0 ? `more than ${known}` : known}`,
      { hint: `Give one name per column, in the order of the inputs: ${inputs.map(({ name }) => name).join(', ')}.` },
    );
  }
  let start = 0;
  return widths.map((width) => {
    const count = width ?? given.length - known;
    start += count;
    return given.slice(start - count, start);
  });
}

function missing(message: string): PredictableError {
  return new PredictableError('MISSING_COLUMNS', message, {
    hint: 'Name the columns: --columns a,b,c, or give rows with a header: --sample FILE.',
  });
}

/** Columns per row; null when the model leaves it open. */
export function widthOf(draft: Draft, input: ValueInfo): number | null {
  if (input.type.kind !== 'tensor') throw refusedInput(input.name, input.type.kind);
  const sizes = sizesOf(draft, input);
  return sizes === null || sizes.includes(null)
    ? null
    : sizes.reduce<number>((product, size) => product * Number(size), 1);
}

/** Sizes of what the columns of an input make, without the rows; null in place of those that the model leaves open. */
export function sizesOf(draft: Draft, input: ValueInfo): (number | null)[] | null {
  if (input.type.kind !== 'tensor' || input.type.shape === null) return null;
  const picture = pictureOf(draft, input);
  return (
    picture?.sizes ?? input.type.shape.slice(1).map((size) => (typeof size === 'number' && size > 0 ? size : null))
  );
}

export function refusedInput(input: string, type: string): PredictableError {
  return new PredictableError(
    'UNSUPPORTED_TYPE',
    `input "${input}" is of type ${type}, which no SQL column type holds`,
    {
      hint: 'Export the model with float, double, int32, int64, bool or text inputs.',
      details: { tensor: input, type },
    },
  );
}

/** By name; the first, where one is named twice. */
export function firstBy<T>(all: readonly T[] | undefined, nameOf: (each: T) => string): Map<string, T> {
  return new Map(all?.map((each) => [nameOf(each), each] as const).reverse());
}
