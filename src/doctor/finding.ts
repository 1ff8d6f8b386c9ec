/** One line of what doctor found, as published in its JSON document. */

import { z } from 'zod';

export const findingSchema = z.object({
  part: z.string(),
  /** `optional`: only some converters or targets want it. */
  state: z.enum(['ok', 'missing', 'optional']),
  detail: z.string(),
  hint: z.string().optional(),
});
export type Finding = z.infer<typeof findingSchema>;
