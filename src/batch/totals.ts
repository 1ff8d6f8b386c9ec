/** How many models ended how. */

import type { ModelResult, Totals } from './results.js';

/** `models`: of the whole zoo, whether they have a result yet or not. */
export function totalsOf(models: number, results: Iterable<ModelResult>): Totals {
  const totals: Totals = { models, converted: 0, cached: 0, failed: 0, skipped: 0 };
  for (const { status } of results) totals[status]++;
  return totals;
}
