/** Finding a column by its name: exactly, else ignoring case when only one fits; and the names that are near to one. */

import { PredictableError } from '../errors.js';

/** The one of `names` that is meant by `wanted`, or undefined. */
export function findName(names: readonly string[], wanted: string): string | undefined {
  if (names.includes(wanted)) return wanted;
  const folded = wanted.toLowerCase();
  const alike = names.filter((name) => name.toLowerCase() === folded);
  return alike.length === 1 ? alike[0] : undefined;
}

/** Up to three names that may have been meant, nearest first. */
export function nearestNames(names: readonly string[], wanted: string): string[] {
  const folded = simplify(wanted);
  // A third of the letters may differ: "sepal_lenght" finds "sepal_length", "id" doesn't find "age".
  const furthest = Math.max(1, Math.floor(wanted.length / 3));
  return names
    .map((name) => ({ name, distance: editDistance(simplify(name), folded) }))
    .filter(({ distance }) => distance <= furthest)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ name }) => name);
}

/** Insertions, deletions and replacements that make one text of the other. */
export function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}

/** The error for columns that are not there: what was looked for, what there is, and what may have been meant. */
export function missingColumns(title: string, missing: readonly string[], found: readonly string[]): PredictableError {
  const suggestions = new Map(missing.map((name) => [name, nearestNames(found, name)]));
  const lines = missing.map((name) => {
    const near = suggestions.get(name) ?? [];
    return near.length === 0 ? name : `${name} (did you mean ${near.join(' or ')}?)`;
  });
  const few = missing.length === 1 ? 'column' : 'columns';
  return new PredictableError('COLUMN_MISMATCH', `${title} has no ${few} ${lines.join(', ')}`, {
    hint: `It has: ${found.join(', ')}.`,
    details: { missing: [...missing], found: [...found], suggestions: Object.fromEntries(suggestions) },
  });
}

function simplify(name: string): string {
  return name.toLowerCase().replaceAll(/[\s_.()-]+/g, '_');
}
