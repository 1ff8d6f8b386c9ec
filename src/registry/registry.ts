/** A registry of model versions, whatever engine keeps it. Each engine is one folder beside this file. */

import type { Server } from '../server/connection.js';
import type { EngineFacts } from '../server/engine.js';
import type { Signature } from '../signature.js';
import type { StatementPlace } from '../sql/registry-tables.js';
import type { TargetId } from '../targets/targets.js';
import type { Verification } from '../verify/verification.js';
import type { AliasEvent, CheckResult, Initialization, ModelVersion, Provenance } from './documents.js';

export type { AliasEvent, CheckResult, Initialization, ModelVersion, Provenance } from './documents.js';

/** `name`, `name@3` or `name@alias`; without either the newest version is meant. */
export interface ModelReference {
  name: string;
  version?: number;
  alias?: string;
}

export interface RegisterRequest {
  name: string;
  bytes: Uint8Array;
  /** Of the bytes, where it is known already. A server holds it against what it has stored. */
  sha256?: string;
  target: TargetId;
  signature: Signature;
  verification: Verification | null;
  provenance: Provenance;
  /** The signature in the provenance is by a key that whoever registers accepts. */
  signatureChecked?: boolean;
  description: string | null;
  alias: string | null;
  allowUnverified: boolean;
  allowSignatureChange: boolean;
}

/**
 * Every method either does all of what it says or nothing. Errors: MODEL_NOT_FOUND, CHECKSUM_MISMATCH,
 * UNVERIFIED_MODEL, SIGNATURE_CHANGED, TARGET_MISMATCH, REGISTRY_LOCKED, REGISTRY_DAMAGED, REGISTRY_UNREACHABLE,
 * REGISTRY_NOT_INITIALIZED, LOGIN_FAILED, PERMISSION_DENIED, SERVER_ERROR.
 */
export interface Registry {
  /** As the user wrote it, without secrets. */
  readonly url: string;
  /** The DuckDB file that keeps the models, where `table:NAME` lies too; null on a server. */
  readonly file: string | null;
  /** The registry as one on a server, whose tables and engine can be asked; null for a file. */
  onServer(): ServerRegistry | null;
  /** The target whose models belong here. */
  engine(): Promise<TargetId>;
  /** What `initialize` would make or alter. Changes nothing. */
  plan(): Promise<Initialization>;
  /** Makes the registry's objects, or brings them up to date; takes over what is there. Doing it twice is doing it once. */
  initialize(): Promise<Initialization>;
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
  /** Points the alias to the version. Throws SIGNATURE_CHANGED where callers of the alias would notice another signature. */
  promote(name: string, version: number, promotion: Promotion): Promise<ModelVersion>;
  /** Puts the alias back on the version that it pointed to before. */
  rollback(name: string, alias: string): Promise<ModelVersion>;
  /** Refused while an alias points to it. */
  remove(name: string, version: number): Promise<void>;
  /** Keeps the newest `keep` versions and those with an alias; returns what went, or would go. */
  prune(name: string, pruning: Pruning): Promise<ModelVersion[]>;
  check(): Promise<CheckResult[]>;
  close(): Promise<void>;
}

/** A registry whose models lie beside the rows that they score. */
export interface ServerRegistry extends Registry {
  readonly server: Server;
  /** The engine as it says itself, asked once. */
  facts(): Promise<EngineFacts>;
  /** Where the registry's tables are, and how the engine writes SQL. */
  place(): Promise<StatementPlace>;
}

export interface Promotion {
  alias: string;
  /** Also when inputs or outputs differ from those of the version behind the alias. */
  allowSignatureChange?: boolean | undefined;
}

export interface Pruning {
  /** How many of the newest versions stay. */
  keep: number;
  /** Says what would go, and keeps it. */
  dryRun?: boolean | undefined;
}

export interface OpenOptions {
  /** Never writes, not even a new file. */
  readOnly?: boolean;
  /** Milliseconds to wait for another process that has the registry open. */
  patience?: number;
}
