/** What tells one model's bytes from another's. */

import { createHash } from 'node:crypto';

/** 64 hexadecimal digits, lower case. */
export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
