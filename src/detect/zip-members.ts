/** The names in a zip's directory, and the text of one member; nothing is written to the disk. */

import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import yauzl from 'yauzl';
import { PredictableError } from '../errors.js';

/** As /python/predictable_facts/zips.py and reading.py hold each zip that a converter opens. */
const MOST_MEMBERS = 20_000;
const LONGEST_NAME = 1_000;
const MOST_TIMES = 100;
const ALWAYS_ALLOWED = 64 * 2 ** 20;
const ENCRYPTED = 1;

/** Of the bits that Unix keeps of a file: those of its kind, and what they are of a file, a folder, or when nobody said. */
const KIND = 0o170_000;
const KINDS = [0, 0o100_000, 0o040_000];

/** A member's text is read this far: a description of a model is shorter. */
const MOST_TEXT = 64 * 2 ** 20;

/** Names, once each of them is one that a framework could have written. Throws CORRUPT_MODEL. */
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
      const members = new Set<string>();
      let left = Math.max(ALWAYS_ALLOWED, MOST_TIMES * zip.fileSize);
      zip.on('error', damaged);
      zip.on('entry', (entry: yauzl.Entry) => {
        left -= entry.uncompressedSize;
        const why = complaint(entry, members, left);
        if (why === undefined) {
          members.add(entry.fileName);
          return zip.readEntry();
        }
        zip.close();
        reject(refused(path, why));
      });
      zip.on('end', () => resolve([...members]));
      zip.readEntry();
    });
  });
}

/** What no framework writes. Names that lead out of the zip, yauzl refuses itself. */
function complaint(
  { fileName, externalFileAttributes, generalPurposeBitFlag }: yauzl.Entry,
  before: Set<string>,
  left: number,
): string | undefined {
  const name = JSON.stringify(fileName.slice(0, 80));
  if (before.size >= MOST_MEMBERS) return `it holds more than ${MOST_MEMBERS.toLocaleString('en')} members`;
  if (left < 0) return `it would unpack to more than ${MOST_TIMES} times its size`;
  if (before.has(fileName)) return `it holds ${name} twice`;
  if (fileName.length > LONGEST_NAME || fileName.includes('\0')) return `the name ${name} is none of a file`;
  if (!KINDS.includes((externalFileAttributes >>> 16) & KIND)) return `the member ${name} is a link, or no file at all`;
  return generalPurposeBitFlag & ENCRYPTED ? `the member ${name} is encrypted` : undefined;
}

function refused(path: string, why: string): PredictableError {
  return new PredictableError('CORRUPT_MODEL', `${path} is a zip file that no framework writes: ${why}`, {
    hint: 'Save the model again with the library that made it, and give the file as it was saved.',
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
