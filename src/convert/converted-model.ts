/** What a conversion gives. */

import type { Sandbox } from '../bridge/sandbox.js';
import type { Normalized } from '../graph/normalize-options.js';
import type { TargetId } from '../targets/targets.js';
import type { Verification } from '../verify/verification.js';
import type { Warning } from '../warnings.js';
import type { ConversionProvenance } from './document.js';
import type { Evidence } from './evidence.js';

/** A conversion that went through; whether it verified is in `verification.status`. */
export interface ConvertedModel {
  bytes: Uint8Array;
  sha256: string;
  model: string;
  sourceBytes: number;
  format: string;
  converter: string;
  target: TargetId;
  precision: 'float' | 'double';
  normalized: Normalized;
  verification: Verification;
  /** The walls around the process that loaded the original. */
  sandbox: Sandbox;
  provenance: ConversionProvenance;
  warnings: Warning[];
  timings: Record<string, number>;
  /** Only when it was asked for. */
  evidence?: Evidence | undefined;
}
