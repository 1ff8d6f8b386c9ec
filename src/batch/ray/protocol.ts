/** What the driver's interpreter answers; see runtimes/ray/runtime.py. */

import { z } from 'zod';

export const connectedSchema = z.object({
  ray: z.string(),
  /** The minor version of the cluster's Python, e.g. `3.11`. */
  python: z.string(),
});

export const capacitySchema = z.number().int().nonnegative();

const failureSchema = z.object({
  kind: z.enum(['environment', 'cancelled', 'memory', 'crash', 'disk', 'cluster', 'task']),
  /** Ray's own words. */
  message: z.string(),
});
export type RayFailure = z.infer<typeof failureSchema>;

const doneSchema = z.union([
  z.object({ number: z.number(), envelope: z.string(), failure: z.undefined().optional() }),
  z.object({ number: z.number(), failure: failureSchema, envelope: z.undefined().optional() }),
]);
export type Done = z.infer<typeof doneSchema>;

export const exchangedSchema = z.object({
  done: z.array(doneSchema),
  /** Tasks that a node has begun, for the first time or once more. */
  begun: z.array(z.number()),
});

/** A conversion on its way to the cluster. */
export interface Submission {
  number: number;
  environment: string;
  request: object;
  memory: number | null;
}
