/** What a registry says of itself, as published in JSON documents; the types of the rest of the program are derived from it. */

import { z } from 'zod';
import { recordOf } from '../record-of.js';
import { signatureSchema } from '../signature.js';
import { TARGET_IDS } from '../targets/targets.js';
import { verificationSchema } from '../verify/verification.js';

export const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);

export const modelVersionSchema = z.object({
  name: z.string(),
  version: z.number().int(),
  sha256: sha256Schema,
  bytes: z.number().int(),
  target: z.enum(TARGET_IDS),
  description: z.string().nullable(),
  signature: signatureSchema,
  verification: verificationSchema.nullable(),
  /** Everything needed to repeat the conversion: source, libraries, lock and options. */
  provenance: recordOf(z.unknown()),
  /** ISO 8601, UTC. */
  created: z.string(),
  /** The login that registered it, as the server knows it; null where there are no logins. */
  createdBy: z.string().nullable(),
  aliases: z.array(z.string()),
});
export type ModelVersion = z.infer<typeof modelVersionSchema>;
export type Provenance = ModelVersion['provenance'];

/** A version as documents about something else name it. */
export const shortVersionSchema = modelVersionSchema.pick({ name: true, version: true, sha256: true });

export const aliasEventSchema = z.object({
  alias: z.string(),
  /** null: the alias was taken away with its version. */
  version: z.number().int().nullable(),
  previous: z.number().int().nullable(),
  action: z.enum(['promote', 'rollback', 'remove', 'register']),
  at: z.string(),
  /** The login that moved it; null where there are no logins. */
  by: z.string().nullable(),
});
export type AliasEvent = z.infer<typeof aliasEventSchema>;

export const checkResultSchema = z.object({
  name: z.string(),
  version: z.number().int(),
  ok: z.boolean(),
  /** What is wrong, when it is not ok. */
  message: z.string().nullable(),
});
export type CheckResult = z.infer<typeof checkResultSchema>;

/** What making or updating a registry did, or would do. */
export const initializationSchema = z.object({
  /** One line an object that is made or altered; empty when all is there. */
  changes: z.array(z.string()),
  /** Rows of a table that was there before, which are models from now on. */
  adopted: z.array(modelVersionSchema),
  /** Rows that stay as they are, and why. */
  left: z.array(z.object({ id: z.number().int(), reason: z.string() })),
});
export type Initialization = z.infer<typeof initializationSchema>;
