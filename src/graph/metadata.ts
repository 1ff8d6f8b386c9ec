/** The signature of a normalised model: written into its metadata, read back and held against its graph. */

import { z } from 'zod';
import { PredictableError } from '../errors.js';
import { type Signature, signatureSchema } from '../signature.js';
import { loadModel } from './codec/loaded-model.js';
import type { Model, ValueInfo } from './codec/model.js';

const PREFIX = 'predictable.';
/** In every model that predictable wrote. */
export const SCHEMA_KEY = `${PREFIX}schema`;
const SIGNATURE_KEY = `${PREFIX}signature`;
/** JSON {column or output: what the model calls it}, where that differs. */
export const ORIGINAL_NAMES_KEY = `${PREFIX}tensors`;
/** JSON of Top: which columns the K largest were taken of. */
export const TOP_KEY = `${PREFIX}top`;
const SCHEMA_VERSION = '1';

/**
 * The signature of a normalised model, or null for a graph that predictable did not write.
 * Throws SIGNATURE_INVALID when the metadata does not describe the graph, and what checkWire throws.
 */
export function readSignature(bytes: Uint8Array): Signature | null {
  return signatureOf(loadModel(bytes).model);
}

export function signatureOf(model: Model): Signature | null {
  const text = model.metadata.get(SIGNATURE_KEY);
  if (text === undefined) return null;
  const schema = model.metadata.get(SCHEMA_KEY);
  if (schema !== SCHEMA_VERSION) {
    throw invalid(`it has schema version ${schema ?? 'none'}, and this program reads ${SCHEMA_VERSION}`);
  }
  const parsed = signatureSchema.safeParse(parseJson(text));
  if (!parsed.success) throw invalid('its metadata is not a signature');
  agree('input', parsed.data.inputs, model.graph.inputs);
  agree('output', parsed.data.outputs, model.graph.outputs);
  return parsed.data;
}

/** What a model's metadata keep of `--top K`: with these the original's predictions can be held against the K largest. */
export interface Top {
  /** The columns that the output has without `--top`, as the converter names them. */
  of: string[];
  /** The largest first. */
  columns: { class: string; value: string }[];
}

const topSchema = z.object({
  of: z.array(z.string()),
  columns: z.array(z.object({ class: z.string(), value: z.string() })),
});

/** What `--top` made of a model, null when nothing. Throws SIGNATURE_INVALID. */
export function topOf({ metadata }: Model): Top | null {
  const text = metadata.get(TOP_KEY);
  if (text === undefined) return null;
  const parsed = topSchema.safeParse(parseJson(text));
  if (!parsed.success) throw invalid('its metadata does not say which columns are the largest');
  return parsed.data;
}

/** Keys are written in one order, whatever order they came in. */
export function writeMetadata(model: Model, signature: Signature, metadata: Record<string, string>): void {
  const entries = Object.entries(metadata).map(([key, value]): [string, string] => [
    key.startsWith(PREFIX) ? key : `${PREFIX}${key}`,
    value,
  ]);
  entries.push([SCHEMA_KEY, SCHEMA_VERSION], [SIGNATURE_KEY, JSON.stringify(signature)]);
  model.metadata = new Map(entries.sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0)));
}

function agree(edge: string, columns: { name: string; type: string }[], values: ValueInfo[]): void {
  const described = columns.map(({ name, type }) => `${name}: ${type}`);
  const found = values.map(({ name, type }) => `${name}: ${type.kind === 'tensor' ? type.element : type.kind}`);
  if (described.length !== found.length) {
    throw invalid(`it describes ${described.length} ${edge}s and the graph has ${found.length}`);
  }
  for (const [index, text] of described.entries()) {
    if (text !== found[index])
      throw invalid(`${edge} ${index + 1} is described as "${text}", the graph says "${found[index]}"`);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalid('its metadata is not JSON', cause);
  }
}

function invalid(reason: string, cause?: unknown): PredictableError {
  return new PredictableError('SIGNATURE_INVALID', `the model's signature does not hold: ${reason}`, {
    hint: 'The file was changed after it was converted. Convert the original model again.',
    cause,
  });
}
