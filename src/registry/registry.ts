/** A registry of model versions, whatever engine keeps it. Each engine is one folder beside this file. */

import type { Signature } from '../signature.js';
import type { TargetId } from '../targets/targets.js';
import type { Verification } from '../verify/verification.js';

/** Everything needed to repeat the conversion: source, libraries, lock and options. */
export type Provenance = Record<string, unknown>;

export interface ModelVersion {
  name: string;
  version: number;
  sha256: string;
  bytes: number;
  target: TargetId;
  description: string | null;
  signature: Signature;
  verification: Verification | null;
  provenance: Provenance;
  /** ISO 8601, UTC. */
  created: string;
  aliases: string[];
}

/** `name`, `name@3` or `name@alias`; without either the newest version is meant. */
export interface ModelReference {
  name: string;
  version?: number;
  alias?: string;
}

export interface AliasEvent {
  alias: string;
  /** null: the alias was taken away with its version. */
  version: number | null;
  previous: number | null;
  action: 'promote' | 'rollback' | 'remove' | 'register';
  at: string;
}

export interface RegisterRequest {
  name: string;
  bytes: Uint8Array;
  target: TargetId;
  signature: Signature;
  verification: Verification | null;
  provenance: Provenance;
  description: string | null;
  alias: string | null;
  allowUnverified: boolean;
  allowSignatureChange: boolean;
}

export interface CheckResult {
  name: string;
  version: number;
  ok: boolean;
  /** What is wrong, when it is not ok. */
  message: string | null;
}

/**
 * Every method either does all of what it says or nothing. Errors: MODEL_NOT_FOUND, CHECKSUM_MISMATCH,
 * UNVERIFIED_MODEL, SIGNATURE_CHANGED, TARGET_MISMATCH, REGISTRY_LOCKED, REGISTRY_DAMAGED, REGISTRY_UNREACHABLE.
 */
export interface Registry {
  /** As the user wrote it, without secrets. */
  readonly url: string;
  readonly engine: TargetId;
  /** The same bytes under the same name give the version that is already there (`created: false`). */
  register(request: RegisterRequest): Promise<{ version: ModelVersion; created: boolean }>;
  /** The newest version of each name. */
  list(): Promise<ModelVersion[]>;
  /** Every version of a name, newest first. */
  versions(name: string): Promise<ModelVersion[]>;
  resolve(reference: ModelReference): Promise<ModelVersion>;
  /** The bytes too, checked against their sha256. */
  read(reference: ModelReference): Promise<{ version: ModelVersion; bytes: Uint8Array }>;
  /** Newest first. */
  history(name: string): Promise<AliasEvent[]>;
  promote(name: string, version: number, alias: string, allowSignatureChange: boolean): Promise<ModelVersion>;
  /** Puts the alias back on the version that it pointed to before. */
  rollback(name: string, alias: string): Promise<ModelVersion>;
  /** Refused while an alias points to it. */
  remove(name: string, version: number): Promise<void>;
  /** Keeps the newest `keep` versions and those with an alias; returns what went, or would go. */
  prune(name: string, keep: number, dryRun: boolean): Promise<ModelVersion[]>;
  check(): Promise<CheckResult[]>;
  close(): Promise<void>;
}

export interface OpenOptions {
  /** Never writes, not even a new file. */
  readOnly?: boolean;
  /** Milliseconds to wait for another process that has the registry open. */
  patience?: number;
}
