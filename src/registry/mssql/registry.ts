/** The registry on a SQL server: the embedded one's methods, each one transaction. */

import { PredictableError } from '../../errors.js';
import { sha256Of } from '../../files/sha256.js';
import type { Server, Session } from '../../server/connection.js';
import { type EngineFacts, readEngine } from '../../server/engine.js';
import { nvarchar, varchar } from '../../server/parameters.js';
import { signedAnew } from '../../signing/stored.js';
import { DIALECTS } from '../../sql/dialect.js';
import { type StatementPlace, tablesOf } from '../../sql/registry-tables.js';
import type { TargetId } from '../../targets/targets.js';
import { mustBeAdmissible, mustFitEngine } from '../admission.js';
import { checkAlias } from '../reference.js';
import type {
  AliasEvent,
  CheckResult,
  Initialization,
  ModelReference,
  ModelVersion,
  Promotion,
  Pruning,
  RegisterRequest,
  ServerRegistry,
} from '../registry.js';
import { mustBeUnused, prunable } from '../removal.js';
import { versionToRollBackTo } from '../rollback.js';
import { mustMayMove } from '../signature-change.js';
import { aliasEvents, aliasVersion, moveAlias } from './aliases.js';
import {
  changed,
  deleteVersion,
  insertVersion,
  isWhole,
  lockName,
  mustHoldDictionary,
  readContents,
  updateProvenance,
  updateVerification,
} from './contents.js';
import { initialize, mustBeInitialized, planInitialization } from './initialize.js';
import type { Store } from './store.js';
import { resolveVersion, selectVersions, withoutId } from './versions.js';

export class MssqlRegistry implements ServerRegistry {
  readonly url: string;
  readonly file = null;
  #facts: Promise<EngineFacts> | null = null;
  #ready: Promise<void> | null = null;

  constructor(
    readonly server: Server,
    private readonly readOnly = false,
  ) {
    this.url = server.url;
  }

  onServer(): ServerRegistry {
    return this;
  }

  facts(): Promise<EngineFacts> {
    this.#facts ??= readEngine(this.server);
    return this.#facts;
  }

  async engine(): Promise<TargetId> {
    return (await this.facts()).target;
  }

  async place(): Promise<StatementPlace> {
    const { target } = await this.facts();
    const { schema, table } = this.server.address;
    return { tables: tablesOf(schema, table), dialect: DIALECTS[target] };
  }

  async plan(): Promise<Initialization> {
    return planInitialization(await this.#store(this.server));
  }

  async initialize(): Promise<Initialization> {
    this.#mayWrite();
    const result = await initialize(this.server, await this.#store(this.server), await this.engine());
    this.#ready = null;
    return result;
  }

  async register(request: RegisterRequest): Promise<{ version: ModelVersion; created: boolean }> {
    mustBeAdmissible(request);
    mustHoldDictionary(request.signature);
    mustFitEngine(request, await this.facts());
    const { name, alias } = request;
    const sha256 = request.sha256 ?? sha256Of(request.bytes);
    return this.#write(true, async (store) => {
      await lockName(store, name);
      const parameters = { name: nvarchar(name, 128), sha256: varchar(sha256, 64) };
      const [known] = await selectVersions(store, 'bySha256', parameters);
      const version = known?.version ?? (await insertVersion(store, request, sha256));
      if (known !== undefined && known.verification?.status !== 'passed' && request.verification?.status === 'passed') {
        await updateVerification(store, known.id, request.verification);
      }
      const signed =
        known === undefined
          ? null
          : signedAnew(known.provenance, request.provenance, request.signatureChecked === true);
      if (known !== undefined && signed !== null) await updateProvenance(store, known.id, signed);
      if (alias !== null) {
        const promotion = { alias, allowSignatureChange: request.allowSignatureChange };
        await mustMayMove(promotion, request.signature, () => versionBehind(store, name, alias));
        await moveAlias(store, { name, alias, version, action: 'register' });
      }
      return { version: withoutId(await resolveVersion(store, { name, version })), created: known === undefined };
    });
  }

  async list(): Promise<ModelVersion[]> {
    return (await selectVersions(await this.#reading(), 'newest')).map(withoutId);
  }

  async versions(name: string): Promise<ModelVersion[]> {
    const store = await this.#reading();
    const versions = await selectVersions(store, 'ofName', { name: nvarchar(name, 128) });
    if (versions.length === 0) await resolveVersion(store, { name });
    return versions.map(withoutId);
  }

  async resolve(reference: ModelReference): Promise<ModelVersion> {
    return withoutId(await resolveVersion(await this.#reading(), reference));
  }

  async read(reference: ModelReference): Promise<{ version: ModelVersion; bytes: Uint8Array }> {
    const store = await this.#reading();
    const version = await resolveVersion(store, reference);
    return { version: withoutId(version), bytes: await readContents(store, version) };
  }

  async history(name: string): Promise<AliasEvent[]> {
    const store = await this.#reading();
    const events = await aliasEvents(store, name);
    if (events.length === 0) await resolveVersion(store, { name });
    return events;
  }

  async promote(name: string, version: number, promotion: Promotion): Promise<ModelVersion> {
    const { alias } = promotion;
    checkAlias(alias);
    return this.#write(true, async (store) => {
      await lockExisting(store, { name, version });
      const next = await resolveVersion(store, { name, version });
      await mustMayMove(promotion, next.signature, () => versionBehind(store, name, alias));
      await moveAlias(store, { name, alias, version, action: 'promote' });
      return withoutId(await resolveVersion(store, { name, version }));
    });
  }

  async rollback(name: string, alias: string): Promise<ModelVersion> {
    return this.#write(false, async (store) => {
      await lockExisting(store, { name, alias });
      const current = await resolveVersion(store, { name, alias });
      const versions = await selectVersions(store, 'ofName', { name: nvarchar(name, 128) });
      const events = (await aliasEvents(store, name)).filter((event) => event.alias === alias);
      const version = versionToRollBackTo(current, alias, versions, events);
      await moveAlias(store, { name, alias, version, action: 'rollback' });
      return withoutId(await resolveVersion(store, { name, version }));
    });
  }

  async remove(name: string, version: number): Promise<void> {
    await this.#write(false, async (store) => {
      await lockExisting(store, { name, version });
      const found = await resolveVersion(store, { name, version });
      mustBeUnused(found);
      await deleteVersion(store, found.id);
    });
  }

  async prune(name: string, { keep, dryRun = false }: Pruning): Promise<ModelVersion[]> {
    const old = prunable(await this.versions(name), keep);
    if (dryRun) return old;
    return this.#write(false, async (store) => {
      await lockExisting(store, { name });
      const gone = prunable(await selectVersions(store, 'ofName', { name: nvarchar(name, 128) }), keep);
      for (const { id } of gone) await deleteVersion(store, id);
      return gone.map(withoutId);
    });
  }

  async check(): Promise<CheckResult[]> {
    const store = await this.#reading();
    const results: CheckResult[] = [];
    for (const model of await selectVersions(store, 'all')) {
      const { name, version, sha256 } = model;
      const ok = await isWhole(store, model);
      results.push({ name, version, ok, message: ok ? null : changed(name, version, sha256).message });
    }
    return results;
  }

  async close(): Promise<void> {
    await this.server.close();
  }

  /** `repeatable`: doing it twice does no harm, so that a connection lost in the commit needs no answer. */
  async #write<T>(repeatable: boolean, act: (store: Store) => Promise<T>): Promise<T> {
    this.#mayWrite();
    const place = await this.#reading();
    return this.server.transaction((session) => act({ ...place, session }), { repeatable });
  }

  /** Any connection, once the registry's objects are known to be there. */
  async #reading(): Promise<Store> {
    const store = await this.#store(this.server);
    this.#ready ??= mustBeInitialized(store, this.server.place);
    try {
      await this.#ready;
    } catch (error) {
      this.#ready = null;
      throw error;
    }
    return store;
  }

  async #store(session: Session): Promise<Store> {
    return { session, ...(await this.place()) };
  }

  #mayWrite(): void {
    if (!this.readOnly) return;
    throw new PredictableError('PERMISSION_DENIED', `${this.server.place} was opened for reading only`, {
      hint: 'Open the registry without readOnly.',
    });
  }
}

/** MODEL_NOT_FOUND before anything is locked: a name that is not there must not be made by asking for it. */
async function lockExisting(store: Store, reference: ModelReference): Promise<void> {
  await resolveVersion(store, reference);
  await lockName(store, reference.name);
}

/** The version that the alias points to now, or null. */
async function versionBehind(store: Store, name: string, alias: string): Promise<ModelVersion | null> {
  const version = await aliasVersion(store, name, alias);
  return version === null ? null : resolveVersion(store, { name, version });
}
