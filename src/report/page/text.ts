/** Figures and text as people read them: in the page, in report.md, and what the command line prints of them. */

/** 1234567 as `1,234,567`. */
export function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** `1 row`, `2 rows`. */
export function plural(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/** 421,888 bytes as `412 KB`. */
export function size(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB'];
  const power = Math.min(units.length - 1, bytes < 1024 ? 0 : Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** power;
  return `${value < 10 && power > 0 ? value.toFixed(1) : Math.round(value)} ${units[power]}`;
}

/** 0.00002798 as `2.8e-5`, 0 as `0`. */
export function difference(value: number): string {
  if (value === 0) return '0';
  return Math.abs(value) < 0.001 || Math.abs(value) >= 10_000 ? value.toExponential(1) : value.toPrecision(2);
}

/** Milliseconds as `12 ms`, `3.4 s`, `6 min 12 s` or `2 h 5 min`. */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 59_950) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** What to do about several failures: the hint that most of them have, and that there are others. */
export function adviceOf(hints: readonly (string | undefined)[]): string {
  const counts = new Map<string, number>();
  for (const hint of hints) {
    if (hint === undefined) continue;
    const advice = firstAdvice(hint);
    counts.set(advice, (counts.get(advice) ?? 0) + 1);
  }
  const [most] = [...counts].sort(([, a], [, b]) => b - a);
  if (most === undefined) return '';
  return counts.size === 1 ? most[0] : `${most[0]} (and ${plural(counts.size - 1, 'other hint')})`;
}

/** A list's first line leads to it: with the second it is advice. */
export function firstAdvice(hint: string): string {
  const [first = '', second = ''] = hint.split('\n');
  return first.endsWith(':') ? `${first} ${second.trim()}` : first;
}
