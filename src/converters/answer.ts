/** What a converter answers over the bridge: one JSON document; bytes and rows come as files. */

import { z } from 'zod';
import { ERROR_CODES, NEXT_STEPS } from '../errors.js';
import { recordOf } from '../record-of.js';
import { columnTypeSchema } from '../signature.js';
import { warningSchema } from '../warnings.js';

/** A column as the converter knows it. */
const columnFactsSchema = z.object({
  name: z.string(),
  kind: z.enum(['number', 'category']),
  /** The type that the column is to have; of a category column, the type of its codes: int64. */
  type: columnTypeSchema,
  /** Whether the original model predicts when the value is missing. */
  acceptsMissing: z.boolean(),
  /** Category columns: the values that the model knows, in the order of their codes. */
  categories: z.array(z.string()).optional(),
  /** Category columns: the text that stands for a missing value inside the raw graph; null when it knows none. */
  missingText: z.string().nullable().optional(),
  /** Category columns: what the original does with a value it has not seen. */
  unknown: z.enum(['zeros', 'error']).optional(),
});
export type ColumnFacts = z.infer<typeof columnFactsSchema>;

/** An input tensor of the raw graph, and the columns that it is made of, row-major: one, or the F columns of `[N,F]`. */
const inputFactsSchema = z.object({
  tensor: z.string(),
  columns: z.array(z.string()),
  /** What the original calls it. */
  source: z.string().optional(),
  /** The columns are pictures of `size` (height, width), which the graph resizes along these axes of the tensor. */
  image: z
    .object({
      axes: z.tuple([z.number().int(), z.number().int()]),
      size: z.tuple([z.number().int().positive(), z.number().int().positive()]),
    })
    .optional(),
});

export type InputFacts = z.infer<typeof inputFactsSchema>;

/** An output tensor of the raw graph, and the columns that it becomes. */
const outputFactsSchema = z.object({
  tensor: z.string(),
  names: z.array(z.string()),
  role: z.enum(['label', 'probability', 'score', 'value']),
  /** Labels that are text, in the order of their codes. */
  labels: z.array(z.string()).optional(),
  /** What the original calls it. */
  source: z.string().optional(),
});
export type OutputFacts = z.infer<typeof outputFactsSchema>;

/** Where the reference rows are: base paths of frame files. */
const referenceSchema = z.object({
  /** Who predicted: the original framework, or, where it cannot be run, the raw graph alone. */
  by: z.enum(['native', 'onnx']).default('native'),
  /** The original rows, one column a model column. */
  rows: z.string(),
  rowsSource: z.enum(['sample', 'synthetic']),
  /** What the original predicts when each number is first rounded to its column's type; text labels as text. */
  expected: z.string(),
  /** What the original predicts on the rows as they are; null when rounding changes no row. */
  expectedUnrounded: z.string().nullable(),
  /** Of the last rows, which are probes: runs of one kind and column. Null where none were made. */
  probes: z
    .object({
      rows: z.number().int(),
      kinds: z.array(z.object({ kind: z.string(), column: z.string().nullable(), rows: z.number().int() })),
      /** Probes that the original itself refuses. */
      refused: z.number().int(),
      /** Whether there are fewer than were asked for. */
      limited: z.boolean(),
    })
    .nullable()
    .default(null),
  /** Rows that the original itself does not decide, by kind; they are left out. Those of the sample are `sample`. */
  undecided: recordOf(z.number().int()).default({}),
  /** Whether it computes in float32 itself, so that the two largest scores may change places where they are all but equal. */
  float32: z.boolean().default(false),
});
export type Reference = z.infer<typeof referenceSchema>;

/** The files that a reference consists of: of each frame both parts. */
export function filesOfReference({ rows, expected, expectedUnrounded }: Reference): string[] {
  const frames = [rows, expected, ...(expectedUnrounded === null ? [] : [expectedUnrounded])];
  return frames.flatMap((base) => [`${base}.json`, `${base}.bin`]);
}

export const predictedSchema = z.object({ reference: referenceSchema, warnings: z.array(warningSchema) });

export const convertedSchema = z.object({
  /** The model in one line, e.g. `Pipeline(StandardScaler, LogisticRegression)`. */
  model: z.string(),
  /** Versions of everything that took part, e.g. `{"python": "3.11.7", "scikit-learn": "1.9.1"}`. */
  libraries: recordOf(z.string()),
  onnx: z.string(),
  columns: z.array(columnFactsSchema),
  inputs: z.array(inputFactsSchema),
  outputs: z.array(outputFactsSchema),
  reference: referenceSchema,
  warnings: z.array(warningSchema),
});
export type Converted = z.infer<typeof convertedSchema>;

export const errorDocumentSchema = z.object({
  code: z.enum(ERROR_CODES),
  message: z.string(),
  hint: z.string().optional(),
  details: recordOf(z.unknown()).optional(),
});

/** As a converter raises it: with what is to be tried next. */
const converterErrorSchema = errorDocumentSchema.extend({ next: z.enum(NEXT_STEPS).optional() });

/** The envelope that every call returns. */
export const envelopeSchema = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({ ok: z.literal(false), error: converterErrorSchema }),
]);
