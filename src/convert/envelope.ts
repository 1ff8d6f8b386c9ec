/** What crosses the bridge: one JSON request to a converter, one JSON answer; bytes and rows go as files. */

import { z } from 'zod';
import { ERROR_CODES, NEXT_STEPS } from '../errors.js';
import { columnTypeSchema } from '../signature.js';

/** The request of every converter action. Paths are absolute. */
export interface ConverterRequest {
  /** `convert`: model → raw ONNX, facts and reference; `predict`: only the reference predictions. */
  action: 'convert' | 'predict';
  /** The converter's own Python file. */
  converter: string;
  /** The model file or folder, and the format that it was detected as. */
  path: string;
  format: string;
  /** Version of the library that saved the file; null when it does not say it. */
  savedBy: string | null;
  /** A folder of this call's own, for every file that it writes. */
  work: string;
  /** Whether the user vouches for this file: only then may loading it run code. */
  trusted: boolean;
  /** Newest opset per domain, and IR, that the target loads. */
  opsets: { '': number; 'ai.onnx.ml': number };
  ir: number;
  precision: 'float' | 'double';
  /** Column names given by the user (`--columns`); they win over the sample's and the model's. */
  columns: string[] | null;
  /** Base path of a frame file with sample rows, or null. */
  sample: string | null;
  /** How many rows to make up when there is no sample. */
  syntheticRows: number;
  /** Inputs that the user describes (`--input`), for files that do not. */
  inputs: GivenInput[];
  /** Outputs that the user asks for (`--outputs`): of a graph that does not say which of its tensors are results. */
  outputs: string[] | null;
  /** The user's own function that makes the model which the file's weights belong to (`--factory`). */
  factory: { module: string; function: string; folders: string[] } | null;
  /** Which of a file's signatures and tags is meant. */
  signature: string | null;
  tag: string | null;
  /** Height and width of the pictures that the columns are to hold; the graph resizes them. */
  imageSize: [number, number] | null;
  /** Which of the converter's ways is taken; null when it has only one. */
  road: string | null;
}

/** `name`: empty for the only one, where nobody says it. `shape`: of the whole tensor, -1 for the number of rows. */
export interface GivenInput {
  name: string;
  dtype: string;
  shape: number[];
}

export const warningSchema = z.object({ code: z.string(), message: z.string() });
export type Warning = z.infer<typeof warningSchema>;

/** A column as the converter knows it. */
export const columnFactsSchema = z.object({
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
export const inputFactsSchema = z.object({
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
export const outputFactsSchema = z.object({
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
export const referenceSchema = z.object({
  /** Who predicted: the original framework, or, where it cannot be run, the raw graph alone. */
  by: z.enum(['native', 'onnx']).default('native'),
  /** The original rows, one column a model column. */
  rows: z.string(),
  rowsSource: z.enum(['sample', 'synthetic']),
  /** What the original predicts when each number is first rounded to its column's type; text labels as text. */
  expected: z.string(),
  /** What the original predicts on the rows as they are; null when rounding changes no row. */
  expectedUnrounded: z.string().nullable(),
});
export type Reference = z.infer<typeof referenceSchema>;

export const predictedSchema = z.object({ reference: referenceSchema, warnings: z.array(warningSchema) });

export const convertedSchema = z.object({
  /** The model in one line, e.g. `Pipeline(StandardScaler, LogisticRegression)`. */
  model: z.string(),
  /** Versions of everything that took part, e.g. `{"python": "3.11.7", "scikit-learn": "1.9.1"}`. */
  libraries: z.record(z.string(), z.string()),
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
  details: z.record(z.string(), z.unknown()).optional(),
});

/** As a converter raises it: with what is to be tried next. */
const converterErrorSchema = errorDocumentSchema.extend({ next: z.enum(NEXT_STEPS).optional() });

/** The envelope that every call returns. */
export const envelopeSchema = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({ ok: z.literal(false), error: converterErrorSchema }),
]);
