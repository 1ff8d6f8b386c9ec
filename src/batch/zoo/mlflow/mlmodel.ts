/** An `MLmodel` file, as MLflow writes it: read as YAML, where tags of Python mean nothing. */

import { readFile, stat } from 'node:fs/promises';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { PredictableError } from '../../../errors.js';
import { mustBeShallow } from '../../../files/shallow.js';

/** A signature of 10,000 columns takes 1 MB. */
const MOST_BYTES = 4 * 2 ** 20;

/** MLflow writes no aliases at all. */
const MOST_ALIASES = 100;

const mlmodelSchema = z.object({
  flavors: z.record(z.string(), z.record(z.string(), z.unknown())),
  signature: z
    .object({ inputs: z.string().nullish() })
    .nullish()
    .transform((signature) => signature?.inputs ?? null),
  saved_input_example_info: z
    .object({ artifact_path: z.string(), type: z.string().optional() })
    .nullish()
    .transform((info) => info ?? null),
});
export type Mlmodel = z.infer<typeof mlmodelSchema>;

/** `title`: what messages call it. Throws CORRUPT_MODEL when it is none. */
export async function readMlmodel(file: string, title: string): Promise<Mlmodel> {
  const text = await readLimited(file, title, MOST_BYTES);
  let content: unknown;
  try {
    mustBeShallow(text);
    // Comparing each key with all others takes too long for a file that is made to be slow.
    const document = parseDocument(text, { uniqueKeys: false, logLevel: 'error' });
    for (const error of document.errors) throw error;
    content = document.toJS({ maxAliasCount: MOST_ALIASES });
  } catch (cause) {
    const [reason] = (cause instanceof Error ? cause.message : String(cause)).split('\n');
    throw damaged(`${title} cannot be read as YAML: ${reason}`, cause);
  }
  const parsed = mlmodelSchema.safeParse(content);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw damaged(`${title} is not what MLflow writes: ${issue?.path.join('.') || 'it'}: ${issue?.message}`);
  }
  return parsed.data;
}

/** The text of a file that should be short. Throws CORRUPT_MODEL when it is not, or when it is no file. */
export async function readLimited(file: string, title: string, most: number): Promise<string> {
  const info = await stat(file);
  if (!info.isFile()) throw damaged(`${title} is no file`);
  if (info.size > most) throw damaged(`${title} has ${info.size} bytes, and ${most} are the most that is read of it`);
  return readFile(file, 'utf8');
}

export function damaged(message: string, cause?: unknown): PredictableError {
  return new PredictableError('CORRUPT_MODEL', message, {
    hint: 'Copy the whole folder again, as MLflow saved it.',
    cause,
  });
}
