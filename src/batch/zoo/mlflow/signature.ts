/** The inputs of an MLflow signature: columns, or tensors. */

import { z } from 'zod';
import { PredictableError } from '../../../errors.js';
import type { FrameColumn } from '../../../rows/frame.js';
import { damaged } from './mlmodel.js';

interface SignatureColumn {
  name: string | null;
  /** Null where MLflow says that it may be anything: the values tell. */
  type: FrameColumn['type'] | null;
}

interface SignatureTensor {
  name: string | null;
  /** As numpy calls it. */
  dtype: string;
  /** -1 where it is open; the first is that of the rows. */
  shape: number[];
}

/** One of the two is empty. */
export interface MlflowSignature {
  columns: SignatureColumn[];
  tensors: SignatureTensor[];
}

const TYPES: Record<string, FrameColumn['type']> = {
  boolean: 'bool',
  integer: 'int32',
  long: 'int64',
  float: 'float',
  double: 'double',
  string: 'string',
};

const size = z.number().int().min(-1);

const inputSchema = z.object({
  name: z.string().nullish(),
  type: z.string(),
  'tensor-spec': z.object({ dtype: z.string(), shape: z.array(size) }).optional(),
});

/** Of the JSON that stands in MLmodel. Throws UNSUPPORTED_TYPE for a column that is neither number nor text, CORRUPT_MODEL. */
export function readSignature(title: string, json: string): MlflowSignature {
  const columns: SignatureColumn[] = [];
  const tensors: SignatureTensor[] = [];
  for (const { name = null, type, 'tensor-spec': tensor } of parse(title, json)) {
    if (tensor !== undefined) tensors.push({ name, ...tensor });
    else columns.push({ name, type: typeOf(title, name, type) });
  }
  if (columns.length > 0 && tensors.length > 0) throw damaged(`the signature of ${title} has columns and tensors`);
  return { columns, tensors };
}

function parse(title: string, json: string): z.infer<typeof inputSchema>[] {
  let content: unknown;
  try {
    content = JSON.parse(json);
  } catch (cause) {
    throw damaged(`the signature in the MLmodel file of ${title} is no JSON`, cause);
  }
  const parsed = z.array(inputSchema).safeParse(content);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw damaged(`the signature of ${title} is not what MLflow writes: ${issue?.path.join('.')}: ${issue?.message}`);
}

function typeOf(title: string, name: string | null, type: string): FrameColumn['type'] | null {
  if (type === 'any') return null;
  const known = Object.hasOwn(TYPES, type) ? TYPES[type] : undefined;
  if (known !== undefined) return known;
  throw new PredictableError('UNSUPPORTED_TYPE', `column ${name ?? '(without a name)'} of ${title} is a ${type}`, {
    hint: 'A model in SQL reads numbers and text: train on columns that were made into those before.',
    details: { column: name, type },
  });
}
