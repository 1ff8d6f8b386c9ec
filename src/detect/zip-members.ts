/** The names in a zip's directory, and the text of one member; nothing is written to the disk. */

import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import yauzl from 'yauzl';
import { PredictableError } from '../errors.js';

/** A model's zip holds tens of members; a directory of more is not read to its end. */
const MOST_MEMBERS = 10_000;

/** A member's text is read this far: a description of a model is shorter. */
const MOST_TEXT = 64 * 2 ** 20;

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

/** The text of a member, as far as it can be read; empty when it is not there. */
export async function readZipMember(path: string, name: string): Promise<string> {
  const zip = await promisify<string, yauzl.Options, yauzl.ZipFile>(yauzl.open)(path, {
    lazyEntries: true,
    autoClose: false,
  });
  try {
    const stream = await openMember(zip, name);
    const parts: Buffer[] = [];
    let size = 0;
    for await (const chunk of stream ?? []) {
      parts.push(chunk as Buffer);
      size += (chunk as Buffer).length;
      if (size >= MOST_TEXT) break;
    }
    return Buffer.concat(parts).toString('utf8');
  } catch {
    // Damaged: whoever loads the file says so better.
    return '';
  } finally {
    zip.close();
  }
}

function openMember(zip: yauzl.ZipFile, name: string): Promise<Readable | undefined> {
  return new Promise((resolve, reject) => {
    zip.on('error', reject);
    zip.on('end', () => resolve(undefined));
    zip.on('entry', (entry: yauzl.Entry) => {
      if (entry.fileName !== name) return zip.readEntry();
      zip.openReadStream(entry, (error, stream) => (error ? reject(error) : resolve(stream)));
    });
    zip.readEntry();
  });
}
