/** Python's version numbers. */

/** Negative when `a` is older than `b`. A pre-release (`3.14.0-candidate1`) is older than everything released. */
export function compareVersions(a: string, b: string): number {
  const preRelease = Number(!a.includes('-')) - Number(!b.includes('-'));
  if (preRelease !== 0) return preRelease;
  const [x, y] = [numbers(a), numbers(b)];
  for (let i = 0; i < Math.max(x.length, y.length); i++) {
    const difference = (x[i] ?? 0) - (y[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** `3.11` of `3.11.7`. */
export function minorOf(version: string): string {
  return numbers(version).slice(0, 2).join('.');
}

/** Whether `version` lies within the minor versions `min` to `max`, both included. */
export function within(version: string, { min, max }: { min: string; max: string }): boolean {
  const minor = minorOf(version);
  return compareVersions(minor, min) >= 0 && compareVersions(minor, max) <= 0;
}

function numbers(version: string): number[] {
  return version.replace(/-.*/, '').split('.').map(Number);
}
