/** The model of churn.ts with names and values that do their worst. */

import fc from 'fast-check';
import { quoteName } from '../../src/server/names.js';
import { churn, people, signature, wide } from './churn.js';
import type { Subject } from './forms.js';

/** What is dangerous in a name or a text. */
export const nasty = fc.oneof(
  fc
    .array(
      fc.constantFrom(
        ...["'", "''", ']', ']]', '[', '"', '\\', '\n', '\r\n', '--', '/*', '*/', ';', ' ', '.', '|', '%', '@id', 'å'],
        ...['😀', 'ş', '\u2028', '\u202e', ']];DROP TABLE t;--', "');DROP TABLE t;--", '$(x)', '{{', 'GOTO'],
      ),
      { minLength: 1, maxLength: 6 },
    )
    .map((parts) => parts.join('')),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
);

/** Every name and every value of the subject, each with the same text behind it. */
export function renamed(text: string): Subject {
  const word = (name: string) => `${name}${text}`.replaceAll('\0', '');
  const words = (model: typeof signature) => ({
    inputs: model.inputs.map((input) => ({
      ...input,
      name: word(input.name),
      ...(input.categories === undefined ? {} : { categories: input.categories.map(word) }),
    })),
    outputs: model.outputs.map((output) => ({
      ...output,
      name: word(output.name),
      ...(output.labels === undefined ? {} : { labels: output.labels.map(word) }),
    })),
  });
  const plain = {
    ...churn,
    signature: words(signature),
    name: word('churn'),
    data: quoteName([word('dbo'), word('people')]),
    keys: ['id', 'label'].map(word),
    map: { [word('years')]: word('age') },
    modelsTable: quoteName([word('ml'), word('models')]),
  };
  const table = {
    ...people,
    parts: people.parts.map(word),
    columns: people.columns.map((column) => ({ ...column, name: word(column.name) })),
    primaryKey: people.primaryKey.map(word),
  };
  return {
    plain,
    checked: { ...plain, keys: undefined, table },
    wide: { ...plain, signature: words(wide) },
    alias: word('production'),
    object: undefined,
    into: quoteName([word('dbo'), word('predictions')]),
  };
}
