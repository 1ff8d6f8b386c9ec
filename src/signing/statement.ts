/**
 * What is signed: an in-toto statement whose predicate lists the model's files with their digests, as OpenSSF Model Signing
 * 1.0 has it (https://github.com/ossf/model-signing-spec).
 */

import { createHash } from 'node:crypto';
import { z } from 'zod';
import { sha256Of } from '../files/sha256.js';

export const PAYLOAD_TYPE = 'application/vnd.in-toto+json';
const PREDICATE_TYPE = 'https://model_signing/signature/v1.0';

/** Names in Node of the digests that a manifest may use; BLAKE3 has none. */
const ALGORITHMS = { sha256: 'sha256', blake2b: 'blake2b512' } as const;
const HEX = /^(?:[0-9a-f]{2})+$/;

const resourceSchema = z.object({
  name: z.string().min(1),
  digest: z.string().regex(HEX),
  algorithm: z.enum(['sha256', 'blake2b']),
});
export type Resource = z.infer<typeof resourceSchema>;

const serializationSchema = z.strictObject({
  method: z.literal('files'),
  hash_type: z.enum(['sha256', 'blake2b']),
  allow_symlinks: z.boolean(),
  ignore_paths: z.array(z.string().min(1)).optional(),
});

const statementSchema = z.strictObject({
  _type: z.literal('https://in-toto.io/Statement/v1'),
  subject: z.tuple([z.object({ name: z.string().min(1), digest: z.object({ sha256: z.string().regex(HEX) }) })]),
  predicateType: z.literal(PREDICATE_TYPE),
  predicate: z.strictObject({ resources: z.array(resourceSchema).min(1), serialization: serializationSchema }),
});
export type Statement = z.infer<typeof statementSchema>;

/** The statement about these files, whose names are relative to the model's folder. */
export function statementOf(model: string, files: Map<string, Uint8Array>): Statement {
  const resources = [...files]
    .map(([name, bytes]): Resource => ({ name, digest: sha256Of(bytes), algorithm: 'sha256' }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: model, digest: { sha256: rootDigest(resources) } }],
    predicateType: PREDICATE_TYPE,
    predicate: {
      serialization: { method: 'files', hash_type: 'sha256', allow_symlinks: false, ignore_paths: [] },
      resources,
    },
  };
}

/** The statement in signed bytes; what is wrong with it, in words, where it is none of this version. */
export function readStatement(payload: Uint8Array): Statement | string {
  let document: unknown;
  try {
    document = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload));
  } catch {
    return 'what it signs is no JSON';
  }
  const read = statementSchema.safeParse(document);
  if (!read.success) {
    const [issue] = read.error.issues;
    return `what it signs is no statement of Model Signing 1.0 over whole files (${issue?.path.join('.')}: ${issue?.message})`;
  }
  const { subject, predicate } = read.data;
  const names = new Set(predicate.resources.map(({ name }) => name));
  if (names.size < predicate.resources.length) return 'it lists a file twice';
  return rootDigest(predicate.resources) === subject[0].digest.sha256
    ? read.data
    : 'its digest of the whole is not that of the files it lists';
}

/** Whether the bytes are those that a resource describes. */
export function isOf({ digest, algorithm }: Resource, bytes: Uint8Array): boolean {
  return createHash(ALGORITHMS[algorithm]).update(bytes).digest('hex') === digest;
}

/** sha256 over the digests, in their order. */
function rootDigest(resources: Resource[]): string {
  const hash = createHash('sha256');
  for (const { digest } of resources) hash.update(Buffer.from(digest, 'hex'));
  return hash.digest('hex');
}
