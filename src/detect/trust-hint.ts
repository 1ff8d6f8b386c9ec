/** How a user vouches for files: the hint of every error that asks for it. */

import { forShell } from '../shell.js';

/** `sha256`: of the one that is refused. */
export function trustHint(files: string[], sha256: string): string {
  return [
    `files you review    predictable trust ${files.map(forShell).join(' ')} -o trust.lock, then --trust-lock trust.lock`,
    `this file once      --trust-sha256 ${sha256}`,
    'all of one command  --trust',
  ].join('\n');
}
