/** The names in a zip's directory; nothing is unpacked. */

import yauzl from 'yauzl';
import { PredictableError } from '../errors.js';

/** A model's zip holds tens of members; a directory of more is not read to its end. */
const MOST_MEMBERS = 10_000;

export function zipMembers(path: string): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const damaged = (cause: unknown) =>
      reject(
        new PredictableError('CORRUPT_MODEL', `${path} begins like a zip file, but its directory cannot be read`, {
          hint: 'It may have been cut off while it was copied: copy or save it again.',
          cause,
        }),
      );
    yauzl.open(path, { lazyEntries: true }, (error, zip) => {
      if (error) return damaged(error);
      const members: string[] = [];
      zip.on('error', damaged);
      zip.on('entry', (entry: yauzl.Entry) => {
        members.push(entry.fileName);
        if (members.length < MOST_MEMBERS) zip.readEntry();
        else {
          zip.close();
          resolve(members);
        }
      });
      zip.on('end', () => resolve(members));
      zip.readEntry();
    });
  });
}
