/** What does not stop a conversion, but is to be said. */

import { z } from 'zod';

export const warningSchema = z.object({ code: z.string(), message: z.string() });
export type Warning = z.infer<typeof warningSchema>;
