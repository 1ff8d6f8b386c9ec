/** The dictionary of a category column: the converter's, or what the graph's own operators know. */

import type { CategoryPlan, ColumnPlan, Draft } from '../../draft.js';
import { type TextGroup, textsOf } from './groups.js';

export function dictionaryOf(draft: Draft, column: ColumnPlan, group: TextGroup): CategoryPlan | null {
  const { category } = column;
  if (category === null || category.categories !== null) return category;
  const uses = textsOf(draft, group);
  const of = (role: string): string[] => uses.filter((use) => use.role === role).flatMap(({ values }) => values);
  // An imputer compares with one text only, and puts a constant in its place: that text marks a missing value.
  const marks = new Set(of('mark'));
  const known = [...new Set([...of('category'), ...of('constant')])];
  const [missingText = null] = marks;
  const categories = known.filter((value) => !marks.has(value));
  return { ...category, categories, missingText };
}
