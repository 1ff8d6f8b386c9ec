/** The columnar contract as data: what a normalised model takes and gives, column by column. */

import { z } from 'zod';

/** Element types that PREDICT maps to SQL: FLOAT→real, DOUBLE→float, INT32→int, INT64→bigint. */
export const columnTypeSchema = z.enum(['float', 'double', 'int32', 'int64']);
export type ColumnType = z.infer<typeof columnTypeSchema>;

export const SQL_TYPES = { float: 'real', double: 'float', int32: 'int', int64: 'bigint' } as const satisfies Record<
  ColumnType,
  string
>;

/**
 * Stands for NaN in a column, since T-SQL's float has none: exact in real and float, refused in data.
 * The graph of a model whose column has the null policy `nan` turns it back into NaN.
 */
export const NAN_SENTINEL = -(2 ** 100);

/** Codes of a category column that are not an index into its dictionary. */
export const UNKNOWN_CODE = -1;
export const NULL_CODE = -2;

/** A row with NULL in the column: refused (`error`), handed on as missing (`nan`), or replaced by a number. */
const nullPolicySchema = z.union([z.literal('error'), z.literal('nan'), z.number()]);
export type NullPolicy = z.infer<typeof nullPolicySchema>;

/**
 * A category that the model has never seen: the whole run is refused (`error`), that row's predictions
 * become NULL (`null`), or the model scores it as "none of the known ones" (`zeros`).
 */
const unknownPolicySchema = z.enum(['error', 'null', 'zeros']);
export type UnknownPolicy = z.infer<typeof unknownPolicySchema>;

export const inputColumnSchema = z.object({
  name: z.string(),
  type: columnTypeSchema,
  sqlType: z.enum(['real', 'float', 'int', 'bigint']),
  nulls: nullPolicySchema,
  /** Category columns only: code i stands for categories[i]. Their type is int64. */
  categories: z.array(z.string()).optional(),
  unknown: unknownPolicySchema.optional(),
});
export type InputColumn = z.infer<typeof inputColumnSchema>;

export const outputColumnSchema = z.object({
  name: z.string(),
  type: columnTypeSchema,
  sqlType: z.enum(['real', 'float', 'int', 'bigint']),
  /** What the column is, where the model says so. */
  role: z.enum(['label', 'probability', 'score', 'value']),
  /** String labels only: code i stands for labels[i]. The type is int64. */
  labels: z.array(z.string()).optional(),
});
export type OutputColumn = z.infer<typeof outputColumnSchema>;

export const signatureSchema = z.object({
  inputs: z.array(inputColumnSchema),
  outputs: z.array(outputColumnSchema),
});
export type Signature = z.infer<typeof signatureSchema>;
