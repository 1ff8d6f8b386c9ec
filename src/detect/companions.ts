/** Files that lie beside a model's own and belong to it, as its format says: the same stem, another ending. */

import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { ModelFormat } from '../converters/manifest.js';

/** Their names, sorted. Plain files only: a link could lead anywhere. */
export async function companionsOf(file: string, format: ModelFormat): Promise<string[]> {
  const { companions = [] } = format;
  if (companions.length === 0) return [];
  const { name: stem, dir } = path.parse(path.resolve(file));
  const entries = await readdir(dir, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile() && entry.name.startsWith(`${stem}.`)).map(({ name }) => name);
  return names.filter((name) => companions.some((ending) => isNamed(name.slice(stem.length), ending))).sort();
}

/** A `*` at one end of a pattern stands for anything. */
export function isNamed(name: string, pattern: string): boolean {
  if (pattern.startsWith('*')) return name.endsWith(pattern.slice(1));
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}
