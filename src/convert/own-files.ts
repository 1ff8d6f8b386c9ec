/** Which files that are there already are ours, so that new ones may take their place: told from what is in them. */

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { PredictableError } from '../errors.js';
import { mustNotBeSpecial } from '../files/ordinary.js';
import { SCHEMA_KEY } from '../graph/metadata.js';

/** What the document of a conversion has had in every version. */
const documentSchema = z.object({ source: z.string(), status: z.string(), name: z.string(), target: z.string() });

/** Of scripts, trust.lock, reports and pages. */
const WRITTEN_BY = /^(?:--|#|<!--).*Written by `?predictable|<meta name="generator" content="predictable">/m;

/** Throws FILE_EXISTS, and names the first that something else made. What is not there, or is ours, may be written. */
export async function mustBeOurs(files: string[]): Promise<void> {
  for (const file of files) {
    if (await isOurs(file)) continue;
    throw new PredictableError(
      'FILE_EXISTS',
      `${file} is there already, and nothing in it says that predictable made it`,
      {
        hint: 'Nothing was changed. Move it away, or name another place with -o.',
        details: { file },
      },
    );
  }
}

/** True of what is not there, and of a folder, which no file takes the place of, too. CSV and Parquet say nothing of who made them. */
export async function isOurs(file: string): Promise<boolean> {
  await mustNotBeSpecial(file);
  let content: Buffer;
  try {
    content = await readFile(file);
  } catch (error) {
    return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'EISDIR');
  }
  switch (path.extname(file).toLowerCase()) {
    case '.onnx':
      return content.includes(SCHEMA_KEY);
    case '.json':
      return isDocument(content.toString('utf8'));
    default:
      return WRITTEN_BY.test(content.toString('utf8'));
  }
}

function isDocument(text: string): boolean {
  try {
    return documentSchema.safeParse(JSON.parse(text)).success;
  } catch {
    // No JSON at all.
    return false;
  }
}
