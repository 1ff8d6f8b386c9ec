/** What a pass is, and what it answers. */

import type { Draft } from '../draft.js';

/** `requires → apply → ensures`; a pass changes the draft's model in place, which the normaliser decoded for itself. */
export interface Pass {
  name: string;
  /** Passes whose work it needs; the list of passes keeps this order, and a test holds it to that. */
  after?: readonly string[];
  /** Why there is nothing to do, or null. */
  requires?(draft: Draft): string | null;
  apply(draft: Draft): PassResult | Promise<PassResult>;
  /** Throws when the pass left something undone. */
  ensures?(draft: Draft): void;
}

interface PassResult {
  modified: boolean;
  reason: string;
}

export function done(reason: string): PassResult {
  return { modified: true, reason };
}

export function nothing(reason: string): PassResult {
  return { modified: false, reason };
}
