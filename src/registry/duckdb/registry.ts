/** The embedded registry: versions and aliases of models in one DuckDB file. */

import type { DuckDBConnection } from '@duckdb/node-api';
import { PredictableError } from '../../errors.js';
import { sha256Of } from '../../files/sha256.js';
import { signedAnew } from '../../signing/stored.js';
import type { TargetId } from '../../targets/targets.js';
import { mustBeAdmissible } from '../admission.js';
import { notFound } from '../not-found.js';
import { checkAlias } from '../reference.js';
import type {
  AliasEvent,
  CheckResult,
  Initialization,
  ModelReference,
  ModelVersion,
  OpenOptions,
  Promotion,
  Pruning,
  RegisterRequest,
  Registry,
  ServerRegistry,
} from '../registry.js';
import { mustBeUnused, prunable } from '../removal.js';
import { versionToRollBackTo } from '../rollback.js';
import { mustMayMove } from '../signature-change.js';
import { aliasEvents, aliasVersion, moveAlias } from './aliases.js';
import { checkContents, readContents, writeContents } from './contents.js';
import { type DatabaseFile, reading, writing } from './open.js';
import {
  deleteVersion,
  insertVersion,
  nextVersion,
  resolveVersion,
  selectVersions,
  updateProvenance,
  updateVerification,
} from './versions.js';

/** As long as another process may take for one method, with a model of 90 MB. */
const DEFAULT_PATIENCE = 5000;

/** It takes models for every target: it scores them itself, whichever engine they were made for. */
export class DuckdbRegistry implements Registry {
  readonly #database: DatabaseFile;

  constructor(
    readonly url: string,
    readonly file: string,
    { readOnly = false, patience = DEFAULT_PATIENCE }: OpenOptions = {},
  ) {
    this.#database = { file, readOnly, patience };
  }

  onServer(): ServerRegistry | null {
    return null;
  }

  async engine(): Promise<TargetId> {
    return 'embedded';
  }

  async plan(): Promise<Initialization> {
    const ready = await reading(this.#database, async () => true);
    return { changes: ready === null ? [`registry in ${this.#database.file}`] : [], adopted: [], left: [] };
  }

  async initialize(): Promise<Initialization> {
    const planned = await this.plan();
    if (planned.changes.length > 0) await writing(this.#database, async () => {});
    return planned;
  }

  async register(request: RegisterRequest): Promise<{ version: ModelVersion; created: boolean }> {
    mustBeAdmissible(request);
    const { name, alias } = request;
    const sha256 = request.sha256 ?? sha256Of(request.bytes);
    return writing(this.#database, async (connection) => {
      const known = await selectVersions(connection, 'WHERE m.name = $1 AND m.sha256 = $2 ORDER BY m.version DESC', [
        name,
        sha256,
      ]);
      // Before anything is written: what a large model has stored already would not be rolled back.
      if (alias !== null) {
        const promotion = { alias, allowSignatureChange: request.allowSignatureChange };
        await mustMayMove(promotion, request.signature, () => versionBehind(connection, name, alias));
      }
      const version = known[0]?.version ?? (await store(connection, request, sha256));
      if (request.verification?.status === 'passed' && known[0]?.verification?.status !== 'passed') {
        await updateVerification(connection, name, version, request.verification);
      }
      const signed =
        known[0] === undefined
          ? null
          : signedAnew(known[0].provenance, request.provenance, request.signatureChecked === true);
      if (signed !== null) await updateProvenance(connection, name, version, signed);
      if (alias !== null) {
        await moveAlias(connection, name, alias, version, 'register');
      }
      return { version: await resolveVersion(connection, { name, version }), created: known.length === 0 };
    });
  }

  async list(): Promise<ModelVersion[]> {
    const newest = 'QUALIFY row_number() OVER (PARTITION BY m.name ORDER BY m.version DESC) = 1 ORDER BY m.name';
    return (await reading(this.#database, (connection) => selectVersions(connection, newest))) ?? [];
  }

  async versions(name: string): Promise<ModelVersion[]> {
    return this.#read({ name }, async (connection) => {
      await resolveVersion(connection, { name });
      return selectVersions(connection, 'WHERE m.name = $1 ORDER BY m.version DESC', [name]);
    });
  }

  async resolve(reference: ModelReference): Promise<ModelVersion> {
    return this.#read(reference, (connection) => resolveVersion(connection, reference));
  }

  async read(reference: ModelReference): Promise<{ version: ModelVersion; bytes: Uint8Array }> {
    return this.#read(reference, async (connection) => {
      const version = await resolveVersion(connection, reference);
      return { version, bytes: await readContents(connection, version) };
    });
  }

  /** Of a name whose versions are all removed too. */
  async history(name: string): Promise<AliasEvent[]> {
    return this.#read({ name }, async (connection) => {
      const events = await aliasEvents(connection, name);
      if (events.length === 0) await resolveVersion(connection, { name });
      return events;
    });
  }

  async promote(name: string, version: number, promotion: Promotion): Promise<ModelVersion> {
    const { alias } = promotion;
    checkAlias(alias);
    return writing(this.#database, async (connection) => {
      const next = await resolveVersion(connection, { name, version });
      await mustMayMove(promotion, next.signature, () => versionBehind(connection, name, alias));
      await moveAlias(connection, name, alias, version, 'promote');
      return resolveVersion(connection, { name, version });
    });
  }

  async rollback(name: string, alias: string): Promise<ModelVersion> {
    return writing(this.#database, async (connection) => {
      const current = await resolveVersion(connection, { name, alias });
      const versions = await selectVersions(connection, 'WHERE m.name = $1', [name]);
      const events = await aliasEvents(connection, name, alias);
      const version = versionToRollBackTo(current, alias, versions, events);
      await moveAlias(connection, name, alias, version, 'rollback');
      return resolveVersion(connection, { name, version });
    });
  }

  async remove(name: string, version: number): Promise<void> {
    await writing(this.#database, async (connection) => {
      mustBeUnused(await resolveVersion(connection, { name, version }));
      await deleteVersion(connection, name, version);
    });
  }

  async prune(name: string, { keep, dryRun = false }: Pruning): Promise<ModelVersion[]> {
    const old = prunable(await this.versions(name), keep);
    if (dryRun) return old;
    return writing(this.#database, async (connection) => {
      const newestFirst = 'WHERE m.name = $1 ORDER BY m.version DESC';
      const gone = prunable(await selectVersions(connection, newestFirst, [name]), keep);
      for (const { version } of gone) await deleteVersion(connection, name, version);
      return gone;
    });
  }

  /** One opening a model: DuckDB closes a file in which it has met a damaged block. */
  async check(): Promise<CheckResult[]> {
    const all = 'ORDER BY m.name, m.version';
    const models = (await reading(this.#database, (connection) => selectVersions(connection, all))) ?? [];
    const results: CheckResult[] = [];
    for (const model of models) {
      const { name, version } = model;
      try {
        await reading(this.#database, (connection) => checkContents(connection, model));
        results.push({ name, version, ok: true, message: null });
      } catch (error) {
        if (!(error instanceof PredictableError) || error.code !== 'CHECKSUM_MISMATCH') throw error;
        results.push({ name, version, ok: false, message: error.message });
      }
    }
    return results;
  }

  /** Nothing is held open between the methods. */
  async close(): Promise<void> {}

  async #read<T>(reference: ModelReference, act: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    const found = await reading(this.#database, async (connection) => ({ value: await act(connection) }));
    if (found === null) throw notFound(reference, [], []);
    return found.value;
  }
}

async function store(connection: DuckDBConnection, request: RegisterRequest, sha256: string): Promise<number> {
  const { name, bytes, target, description, signature, verification, provenance } = request;
  const version = await nextVersion(connection, name);
  const created = new Date().toISOString();
  const facts = { name, version, sha256, bytes: bytes.length, target, description, created };
  await writeContents(connection, { name, version }, bytes);
  await insertVersion(connection, { ...facts, signature, verification, provenance });
  return version;
}

/** The version that the alias points to now, or null. */
async function versionBehind(connection: DuckDBConnection, name: string, alias: string): Promise<ModelVersion | null> {
  const version = await aliasVersion(connection, name, alias);
  return version === null ? null : resolveVersion(connection, { name, version });
}
