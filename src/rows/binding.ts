/** Which column of the data feeds which input of a model, by name: whoever describes the data, a file or a server. */

import { PredictableError } from '../errors.js';
import type { InputColumn, Signature } from '../signature.js';
import { findName, nearestNames } from './columns.js';

/** What is known of the data before a row is read. */
interface Described<C extends { name: string }> {
  /** As messages call it. */
  title: string;
  columns: readonly C[];
}

export interface BoundInput<C> {
  input: InputColumn;
  column: C;
}

/**
 * Names match exactly, else ignoring case when only one fits; `map` (column → input) goes first. `misfit` says what is
 * wrong with a column for an input, after its name: null when nothing is. What is missing or does not fit goes into
 * `complaints`. Throws COLUMN_MISMATCH for a map that cannot be.
 */
export function bindInputs<C extends { name: string }>(
  data: Described<C>,
  signature: Signature,
  map: Record<string, string>,
  misfit: (input: InputColumn, column: C) => string | null,
  complaints: Complaints,
): BoundInput<C>[] {
  const mapped = mappedColumns(signature, map, data);
  const find = columnFinder(data);
  return signature.inputs.flatMap((input) => {
    const column = find(mapped.get(input.name) ?? input.name);
    if (column === undefined) {
      complaints.missing(expectation(input), input.name);
      return [];
    }
    const wrong = misfit(input, column);
    if (wrong === null) return [{ input, column }];
    complaints.add(`${expectation(input)} ${wrong}`);
    return [];
  });
}

/** Finds the column that is meant by a name; of two of that name, the first. A table may have thousands. */
export function columnFinder<C extends { name: string }>(data: Described<C>): (wanted: string) => C | undefined {
  const byName = new Map(data.columns.map((column) => [column.name, column] as const).reverse());
  const names = namesOf(data);
  return (wanted) => {
    const name = byName.has(wanted) ? wanted : findName(names, wanted);
    return name === undefined ? undefined : byName.get(name);
  };
}

/** Input → column of the data, as the data spells it; without data, as the map does. Throws COLUMN_MISMATCH. */
export function mappedColumns(
  signature: Signature,
  map: Record<string, string>,
  data: Described<{ name: string }> | null,
): Map<string, string> {
  const inputs = signature.inputs.map(({ name }) => name);
  const mapped = new Map<string, string>();
  const find = data === null ? null : columnFinder(data);
  for (const [written, wanted] of Object.entries(map)) {
    const column = find === null ? written : find(written)?.name;
    const input = findName(inputs, wanted);
    const bad = (why: string, known: string[]) => badMap(written, wanted, why, known);
    if (data !== null && column === undefined) throw bad(`${data.title} has no column ${written}`, namesOf(data));
    if (input === undefined) throw bad(`the model has no input ${wanted}`, inputs);
    if (mapped.has(input)) throw bad(`two columns are mapped to ${input}`, inputs);
    mapped.set(input, column ?? written);
  }
  return mapped;
}

/** All that is wrong with the columns of the data, so that it is said at once. */
export class Complaints {
  readonly #texts: string[] = [];
  readonly #suggestions = new Map<string, string[]>();

  constructor(
    private readonly data: Described<{ name: string }>,
    private readonly signature: Signature,
  ) {}

  add(text: string): void {
    this.#texts.push(text);
  }

  /** `what` has no column: those whose names are near to `name` may have been meant. */
  missing(what: string, name: string): void {
    const near = nearestNames(namesOf(this.data), name);
    this.#suggestions.set(name, near);
    this.add(`${what} is missing${near.length === 0 ? '' : ` (did you mean ${near.join(' or ')}?)`}`);
  }

  /** Throws COLUMN_MISMATCH when there are any. `more`: further ways out. */
  mustBeNone(more = ''): void {
    if (this.#texts.length === 0) return;
    const { data, signature } = this;
    const reads = signature.inputs.map(expectation).join(', ');
    const found = namesOf(data);
    throw new PredictableError('COLUMN_MISMATCH', `${data.title} does not fit the model: ${this.#texts.join('; ')}`, {
      hint: `The model reads ${reads}. The data has ${found.join(', ')}. Use --map column=input for other names${more}.`,
      details: {
        expected: signature.inputs.map(({ name }) => name),
        found,
        complaints: this.#texts,
        suggestions: Object.fromEntries(this.#suggestions),
      },
    });
  }
}

function namesOf({ columns }: Described<{ name: string }>): string[] {
  return columns.map(({ name }) => name);
}

function badMap(column: string, input: string, why: string, known: string[]): PredictableError {
  return new PredictableError('COLUMN_MISMATCH', `--map ${column}=${input}: ${why}`, {
    hint: `There is: ${known.join(', ')}.`,
    details: { column, input, known },
  });
}

function expectation({ name, sqlType, categories }: InputColumn): string {
  return `${name} (${categories === undefined ? sqlType : 'text'})`;
}
