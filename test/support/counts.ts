/** How much of what varies a run tries: a little in `npm test`, all of it in `npm run test:faults`. */

export const ALL = process.env.PREDICTABLE_TEST_FAULTS === 'all';

/** `few` in a common run, `many` in a full one. */
export const fewOrMany = (few: number, many: number): number => (ALL ? many : few);

/** Shares of a whole, strictly between nothing and all of it, where it may be cut: evenly, as many as are asked for. */
export function cuts(count: number): number[] {
  return Array.from({ length: count }, (_, at) => (at + 0.5) / count);
}
