/** Where a path leads through links: what two names of one place have in common. */

import { realpathSync } from 'node:fs';
import path from 'node:path';

/** Absolute. Of what is not there yet, the folders that are. */
export function realPath(place: string): string {
  const absolute = path.resolve(place);
  try {
    return realpathSync(absolute);
  } catch {
    const folder = path.dirname(absolute);
    return folder === absolute ? absolute : path.join(realPath(folder), path.basename(absolute));
  }
}
