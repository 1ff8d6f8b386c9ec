/** The JSON documents of the commands, as schemas: what `--json` promises. `schemas/` holds them as JSON Schema. */

import { z } from 'zod';
import { batchDocumentSchema, runSchema } from '../batch/results.js';
import { zooFileSchema } from '../batch/zoo/zoo-schema.js';
import { sandboxSchema } from '../bridge/sandbox.js';
import { conversionSchema, convertDocumentSchema } from '../convert/document.js';
import { errorDocumentSchema } from '../converters/answer.js';
import { appliedObjectSchema } from '../deploy/apply.js';
import { findingSchema } from '../doctor/finding.js';
import { inspectionSchema } from '../graph/inspection.js';
import { recordOf } from '../record-of.js';
import {
  aliasEventSchema,
  checkResultSchema,
  initializationSchema,
  modelVersionSchema,
  sha256Schema,
  shortVersionSchema,
} from '../registry/documents.js';
import { diffSummarySchema, scoredRowsSchema } from '../score/documents.js';
import { signatureSchema } from '../signature.js';
import { sqlObjectSchema } from '../sql/object.js';
import { verificationSchema } from '../verify/verification.js';
import { warningSchema } from '../warnings.js';

const schema = z.literal(1);
const registry = z.string();
const model = shortVersionSchema;
const oneVersion = z.object({ schema, registry, model: modelVersionSchema });
/** With `--script`: the files, instead of a change. Null where no server was read for them. */
const scripts = z.array(z.string()).optional();
const change = z.object({ schema, registry: registry.nullable(), model: modelVersionSchema.optional(), scripts });

export const DOCUMENTS = {
  error: z.object({ schema, error: errorDocumentSchema }),
  convert: convertDocumentSchema,
  detect: z.object({
    schema,
    results: z.array(
      z.union([
        z.object({
          path: z.string(),
          format: z.string(),
          title: z.string(),
          converter: z.string(),
          loading: z.enum(['safe', 'executes-code']),
          bytes: z.number().int(),
          modules: z.array(z.string()).nullable(),
        }),
        z.object({ path: z.string(), error: errorDocumentSchema }),
      ]),
    ),
  }),
  trust: z.object({ schema, output: z.string(), files: z.array(z.object({ path: z.string(), sha256: sha256Schema })) }),
  sign: z.object({
    schema,
    signer: sha256Schema.describe('of the public key in PEM'),
    results: z.array(z.object({ model: z.string(), output: z.string(), files: z.array(z.string()) })),
  }),
  'verify-signature': z.object({
    schema,
    model: z.string(),
    signer: sha256Schema.describe('of the public key in PEM'),
    key: z.string(),
    files: z.array(z.string()).describe('those of the model that the signature is over'),
  }),
  report: z.object({ schema, html: z.string(), markdown: z.string(), bytes: z.number().int(), run: runSchema }),
  inspect: z.object({ schema, model: z.string(), ...inspectionSchema.shape }),
  normalize: z.object({
    schema,
    model: z.string(),
    output: z.string(),
    bytes: z.number().int(),
    signature: signatureSchema,
    opsets: recordOf(z.number().int()),
    ir: z.number().int(),
    passes: z.array(z.object({ pass: z.string(), modified: z.boolean(), reason: z.string() })),
    warnings: z.array(warningSchema),
  }),
  verify: z.object({
    schema,
    model: z.string(),
    against: z.string(),
    verification: verificationSchema,
    sandbox: sandboxSchema.describe('the walls that stood around the process which loaded the original'),
  }),
  init: z.object({
    schema,
    registry: registry.nullable(),
    dryRun: z.boolean(),
    ...initializationSchema.shape,
    scripts,
  }),
  register: z.object({
    schema,
    registry: registry.nullable(),
    scripts,
    results: z.array(z.object({ file: z.string(), created: z.boolean(), model: modelVersionSchema })),
  }),
  list: z.object({ schema, registry, models: z.array(modelVersionSchema) }),
  show: oneVersion,
  promote: change,
  rollback: change,
  pull: oneVersion.extend({ output: z.string(), files: z.array(z.string()) }),
  history: z.object({ schema, registry, versions: z.array(modelVersionSchema), events: z.array(aliasEventSchema) }),
  remove: z.object({
    schema,
    registry: registry.nullable(),
    removed: z.object({ name: z.string(), version: z.number().int() }).optional(),
    scripts,
  }),
  prune: z.object({ schema, registry, dryRun: z.boolean(), removed: z.array(modelVersionSchema), scripts }),
  check: z.object({ schema, registry, results: z.array(checkResultSchema) }),
  setup: z.object({
    schema,
    results: z.array(
      z.union([
        z.object({
          converter: z.string(),
          environment: z.string(),
          folder: z.string(),
          python: z.string(),
          built: z.boolean().optional(),
          files: z.array(z.string()).optional(),
        }),
        z.object({ converter: z.string(), environment: z.string(), error: errorDocumentSchema }),
      ]),
    ),
    /** Those that Node loads; `file`: the package that --download left in the folder. */
    runtimes: z.array(
      z.object({
        runtime: z.string(),
        folder: z.string(),
        fetched: z.boolean().optional(),
        file: z.string().optional(),
      }),
    ),
  }),
  converters: z.object({
    schema,
    results: z.array(
      z.object({
        id: z.string(),
        title: z.string(),
        formats: z.array(
          z.object({
            id: z.string(),
            title: z.string(),
            extensions: z.array(z.string()),
            loading: z.enum(['safe', 'executes-code']),
          }),
        ),
        environments: z.array(
          z.object({
            name: z.string(),
            state: z.enum(['ready', 'not built', 'no interpreter']),
            python: z.string().nullable(),
            loads: z.string().nullable(),
          }),
        ),
      }),
    ),
  }),
  doctor: z.object({ schema, findings: z.array(findingSchema) }),
  score: z.object({ schema, registry, model, ...scoredRowsSchema.shape }),
  diff: z.object({
    schema,
    registry,
    a: z.string(),
    b: z.string(),
    ...diffSummarySchema.shape,
    maxChanged: z.number().optional(),
    passed: z.boolean(),
  }),
  sql: z.object({
    schema,
    model,
    sql: z.string().optional(),
    objects: z.array(sqlObjectSchema).optional(),
    applied: z.array(appliedObjectSchema).optional(),
    output: z.string().optional(),
    check: z.string().optional(),
    upToDate: z.boolean().optional(),
    scripts,
  }),
  batch: batchDocumentSchema,
  demo: z.object({
    schema,
    folder: z.string(),
    models: z.array(
      z.object({
        name: z.string(),
        shows: z.string(),
        conversion: conversionSchema,
        asExpected: z.boolean(),
        version: z.number().int().nullable(),
        rowsPerSecond: z.number().nullable(),
      }),
    ),
  }),
} as const satisfies Record<string, z.ZodObject>;

export type DocumentName = keyof typeof DOCUMENTS;

/** What a command says in its document. */
export type DocumentOf<N extends DocumentName> = Omit<z.infer<(typeof DOCUMENTS)[N]>, 'schema'>;

/** Files of their own: what users write, and what commands write for others to read. */
export const FILES = {
  zoo: zooFileSchema,
  results: DOCUMENTS.batch,
} as const satisfies Record<string, z.ZodObject>;
