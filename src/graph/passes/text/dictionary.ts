/** The dictionary of a category column: the converter's, or what the graph's own operators know. */

import type { CategoryPlan, ColumnPlan } from '../../draft.js';
import type { TextUse } from './groups.js';

/** `uses` are the texts that the operators of the column's group know. */
export function dictionaryOf({ category }: ColumnPlan, uses: TextUse[]): CategoryPlan | null {
  if (category === null || category.categories !== null) return category;
  const of = (role: string): string[] => uses.filter((use) => use.role === role).flatMap(({ values }) => values);
  // An imputer compares with one text only, and puts a constant in its place: that text marks a missing value.
  const marks = new Set(of('mark'));
  const known = [...new Set([...of('category'), ...of('constant')])];
  const [missingText = null] = marks;
  const categories = known.filter((value) => !marks.has(value));
  return { ...category, categories, missingText };
}
