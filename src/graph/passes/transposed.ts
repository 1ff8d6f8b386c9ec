/** Placeholder. */
import type { Pass } from '../draft.js';
import { nothing } from '../draft.js';
export const transposed: Pass = { name: 'transposed', apply: (draft) => nothing(draft, 'not yet') };
