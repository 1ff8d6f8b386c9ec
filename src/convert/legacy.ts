/**
 * Environments whose libraries are older than is safe, since nothing newer reads their models: holes are known in them that a
 * crafted file reaches. Said of each conversion; without walls around the process nobody's file is loaded there unvouched for.
 */

import type { Sandbox } from '../bridge/sandbox.js';
import type { ConverterEnvironment } from '../converters/manifest.js';
import { trustHint } from '../detect/trust-hint.js';
import { PredictableError } from '../errors.js';
import type { Warning } from '../warnings.js';

type Stack = Pick<ConverterEnvironment, 'name' | 'legacy'>;

/** LEGACY_STACK, for an environment that its manifest marks. */
export function legacyWarnings({ name, legacy }: Stack): Warning[] {
  if (legacy === undefined) return [];
  const message = `the ${name} environment has ${legacy.join(' and ')}, in which holes are known that newer versions have closed; nothing newer reads these models, so convert only files whose origin you know`;
  return [{ code: 'LEGACY_STACK', message }];
}

/**
 * `sandboxInForce`: whether files, network and programs are out of reach of the process that would load it. Throws
 * UNTRUSTED_ARTIFACT for a file that nobody vouches for, where it would be loaded by old libraries in the open.
 */
export function mustBeSafeToLoad(
  { file, sha256, trusted }: { file: string; sha256: string; trusted: boolean },
  { name, legacy }: Stack,
  sandboxInForce: boolean,
): void {
  if (legacy === undefined || trusted || sandboxInForce) return;
  throw new PredictableError(
    'UNTRUSTED_ARTIFACT',
    `${file} would be loaded by ${legacy.join(' and ')} (the ${name} environment), which have known holes, and no sandbox is in force here.\nIt was not loaded. If you know where it comes from, say so:`,
    { hint: trustHint([file], sha256), details: { sha256, legacy } },
  );
}

/** Whether the process can reach nothing but its own; memory that is not limited endangers the machine alone. */
export function isInForce({ files, network, exec }: Sandbox): boolean {
  return files && network && exec;
}
