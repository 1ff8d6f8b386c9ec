/** Where a path leads through links: what two names of one place have in common. */

import { readlinkSync, realpathSync } from 'node:fs';
import path from 'node:path';

/** As many links in a row as systems follow. */
const MOST_LINKS = 40;

/** Absolute. Of what is not there yet, the folders that are, and where a link leads that leads to nothing yet. */
export function realPath(place: string, links = MOST_LINKS): string {
  const absolute = path.resolve(place);
  try {
    return realpathSync(absolute);
  } catch {
    const folder = path.dirname(absolute);
    if (folder === absolute) return absolute;
    const within = path.join(realPath(folder, links), path.basename(absolute));
    const target = links > 0 ? linkAt(within) : undefined;
    return target === undefined ? within : realPath(path.resolve(path.dirname(within), target), links - 1);
  }
}

/** Whether it lies in that folder or is it, whatever links lead there. */
export function liesWithin(place: string, folder: string): boolean {
  const relative = path.relative(realPath(folder), realPath(place));
  return relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}

function linkAt(place: string): string | undefined {
  try {
    return readlinkSync(place);
  } catch {
    // Nothing there, or no link.
    return undefined;
  }
}
