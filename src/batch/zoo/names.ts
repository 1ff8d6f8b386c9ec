/** Names of a zoo's models: from their paths, and unique ignoring case. */

import path from 'node:path';
import { PredictableError } from '../../errors.js';
import { complaintAboutNew } from '../../registry/reference.js';

/** `press/line1.joblib` → `press-line1`; a folder keeps all of its name. What leads out of the zoo is left out. */
export function nameFromPath(relative: string, isFolder: boolean): string {
  const segments = relative.split(/[\\/]+/).filter((segment) => !/^\.{0,2}$/.test(segment));
  const last = segments.pop() ?? '';
  const joined = [...segments, isFolder ? last : path.parse(last).name].join('-');
  return joined
    .replaceAll(NO_FILE, '-')
    .replaceAll('@', '-')
    .replace(/^[.\s-]+|[.\s]+$/g, '');
}

/** What Windows has in no name of a file, and nobody wants in one. */
const NO_FILE = /[\p{Cc}\p{Cs}<>:"|?*\\/]/gu;

/** Why this cannot be the name of a model, which becomes the name of its files and in a registry; null when it can. */
export function complaintAboutName(name: string): string | null {
  if (name.search(NO_FILE) >= 0) return 'it has a character that is in no name of a file';
  if (name.startsWith('.') || name.endsWith('.')) return 'it begins or ends with a dot';
  return complaintAboutNew(name);
}

interface Named {
  name: string;
  /** How messages call it: its path, and where it stands. */
  title: string;
}

/** Throws NAME_COLLISION: file systems and SQL collations ignore case, so names that differ only in it collide too. */
export function mustDiffer(models: Named[], hint: string): void {
  const seen = new Map<string, Named>();
  for (const model of models) {
    const key = model.name.toLowerCase();
    const other = seen.get(key);
    if (other !== undefined) {
      throw new PredictableError(
        'NAME_COLLISION',
        `${other.title} and ${model.title} would both be named ${model.name}`,
        {
          hint,
          details: { name: model.name, models: [other.title, model.title] },
        },
      );
    }
    seen.set(key, model);
  }
}
