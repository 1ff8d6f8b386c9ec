/** The JSON documents of the commands, as schemas: what `--json` promises. `schemas/` holds them as JSON Schema. */

import { z } from 'zod';
import { batchDocumentSchema, runSchema } from '../batch/results.js';
import { zooFileSchema } from '../batch/zoo/zoo-schema.js';
import { conversionSchema, convertDocumentSchema } from '../convert/document.js';
import { errorDocumentSchema } from '../converters/answer.js';
import { signatureSchema } from '../signature.js';
import { TARGET_IDS } from '../targets/targets.js';
import { verificationSchema } from '../verify/verification.js';
import { warningSchema } from '../warnings.js';

const schema = z.literal(1);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const versionSchema = z.object({
  name: z.string(),
  version: z.number().int(),
  sha256,
  bytes: z.number().int(),
  target: z.enum(TARGET_IDS),
  description: z.string().nullable(),
  signature: signatureSchema,
  verification: verificationSchema.nullable(),
  provenance: z.record(z.string(), z.unknown()),
  created: z.string(),
  createdBy: z.string().nullable(),
  aliases: z.array(z.string()),
});

const aliasEventSchema = z.object({
  alias: z.string(),
  version: z.number().int().nullable(),
  previous: z.number().int().nullable(),
  action: z.enum(['promote', 'rollback', 'remove', 'register']),
  at: z.string(),
  by: z.string().nullable(),
});

const edgeSchema = z.object({
  name: z.string(),
  type: z.string(),
  shape: z.array(z.union([z.number(), z.string()])),
});

const registry = z.string();
const model = z.object({ name: z.string(), version: z.number().int(), sha256 });
const row = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));
const oneVersion = z.object({ schema, registry, model: versionSchema });
const outputDiffs = z.array(
  z.object({
    name: z.string(),
    role: z.enum(['label', 'probability', 'score', 'value']),
    changed: z.number().int(),
    maxAbsDiff: z.number().nullable(),
    meanAbsDiff: z.number().nullable(),
    histogram: z.array(z.object({ above: z.number().nullable(), upTo: z.number().nullable(), rows: z.number().int() })),
  }),
);
/** With `--script`: the files, instead of a change. Null where no server was read for them. */
const scripts = z.array(z.string()).optional();
const change = z.object({ schema, registry: registry.nullable(), model: versionSchema.optional(), scripts });

/** What the text of `sql` makes: names as T-SQL writes them. */
const sqlObject = z.object({ kind: z.enum(['procedure', 'view', 'table']), name: z.string() });

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
  trust: z.object({ schema, output: z.string(), files: z.array(z.object({ path: z.string(), sha256 })) }),
  report: z.object({ schema, html: z.string(), markdown: z.string(), bytes: z.number().int(), run: runSchema }),
  inspect: z.object({
    schema,
    model: z.string(),
    bytes: z.number().int(),
    ir: z.number().int(),
    producer: z.string(),
    opsets: z.record(z.string(), z.number().int()),
    inputs: z.array(edgeSchema),
    outputs: z.array(edgeSchema),
    operators: z.array(z.object({ domain: z.string(), type: z.string(), count: z.number().int() })),
    metadata: z.record(z.string(), z.string()),
    targets: z.array(z.object({ target: z.enum(TARGET_IDS), fits: z.boolean(), reasons: z.array(z.string()) })),
  }),
  normalize: z.object({
    schema,
    model: z.string(),
    output: z.string(),
    bytes: z.number().int(),
    signature: signatureSchema,
    opsets: z.record(z.string(), z.number().int()),
    ir: z.number().int(),
    passes: z.array(z.object({ pass: z.string(), modified: z.boolean(), reason: z.string() })),
    warnings: z.array(warningSchema),
  }),
  verify: z.object({ schema, model: z.string(), against: z.string(), verification: verificationSchema }),
  init: z.object({
    schema,
    registry: registry.nullable(),
    dryRun: z.boolean(),
    changes: z.array(z.string()),
    adopted: z.array(versionSchema),
    left: z.array(z.object({ id: z.number().int(), reason: z.string() })),
    scripts,
  }),
  register: z.object({
    schema,
    registry: registry.nullable(),
    scripts,
    results: z.array(z.object({ file: z.string(), created: z.boolean(), model: versionSchema })),
  }),
  list: z.object({ schema, registry, models: z.array(versionSchema) }),
  show: oneVersion,
  promote: change,
  rollback: change,
  pull: oneVersion.extend({ output: z.string(), files: z.array(z.string()) }),
  history: z.object({ schema, registry, versions: z.array(versionSchema), events: z.array(aliasEventSchema) }),
  remove: z.object({
    schema,
    registry: registry.nullable(),
    removed: z.object({ name: z.string(), version: z.number().int() }).optional(),
    scripts,
  }),
  prune: z.object({ schema, registry, dryRun: z.boolean(), removed: z.array(versionSchema), scripts }),
  check: z.object({
    schema,
    registry,
    results: z.array(
      z.object({ name: z.string(), version: z.number().int(), ok: z.boolean(), message: z.string().nullable() }),
    ),
  }),
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
  doctor: z.object({
    schema,
    findings: z.array(
      z.object({
        part: z.string(),
        state: z.enum(['ok', 'missing', 'optional']),
        detail: z.string(),
        hint: z.string().optional(),
      }),
    ),
  }),
  score: z.object({
    schema,
    registry,
    model,
    engine: z.enum(['local', 'predict']),
    rows: z.number().int(),
    seconds: z.number(),
    rowsPerSecond: z.number(),
    unknownCategories: z.record(z.string(), z.number().int()),
    nulls: z.record(z.string(), z.number().int()),
    output: z.string().nullable(),
    preview: z.array(row),
    leftOut: z.array(z.string()),
    comparison: z
      .object({
        rows: z.number().int(),
        changedRows: z.number().int(),
        maxAbsDiff: z.number().nullable(),
        rtol: z.number(),
        atol: z.number(),
        passed: z.boolean(),
        outputs: outputDiffs,
        worst: z.array(z.object({ row: z.number().int(), keys: row, local: row, server: row })),
      })
      .nullable(),
  }),
  diff: z.object({
    schema,
    registry,
    a: z.string(),
    b: z.string(),
    rows: z.number().int(),
    changedRows: z.number().int(),
    shareChanged: z.number(),
    outputs: outputDiffs,
    onlyInA: z.array(z.string()),
    onlyInB: z.array(z.string()),
    worst: z.array(z.object({ row: z.number().int(), inputs: row, a: row, b: row })),
    maxChanged: z.number().optional(),
    passed: z.boolean(),
  }),
  sql: z.object({
    schema,
    model,
    sql: z.string().optional(),
    objects: z.array(sqlObject).optional(),
    applied: z.array(sqlObject.extend({ done: z.enum(['created', 'altered', 'kept']) })).optional(),
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

/** Files of their own: what users write, and what commands write for others to read. */
export const FILES = {
  zoo: zooFileSchema,
  results: DOCUMENTS.batch,
} as const satisfies Record<string, z.ZodObject>;
