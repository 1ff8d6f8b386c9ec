/** Counts by names that others chose, in plain objects as documents have them. */

/** A name may be `__proto__`, which an assignment would not make one of them, or `constructor`, which every object has. */
export function addCount(counts: Record<string, number>, name: string, found: number): void {
  if (found === 0) return;
  const before = Object.hasOwn(counts, name) ? (counts[name] ?? 0) : 0;
  Object.defineProperty(counts, name, { value: before + found, enumerable: true, writable: true, configurable: true });
}
