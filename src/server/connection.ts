/** A SQL server in hand: statements with parameters, transactions that are repeated when that is safe, and rows as a stream. */

import { readFile } from 'node:fs/promises';
import type { ConnectionPool, config, Request, Transaction } from 'mssql';
import { PredictableError } from '../errors.js';
import { named } from '../files/named.js';
import { ordinary } from '../files/ordinary.js';
import { packageVersion } from '../paths.js';
import { formatAddress, type ServerAddress } from './address.js';
import { bindParameters } from './bind.js';
import type { Credentials } from './credentials.js';
import { DEBUG, refuseDowngrade, serverName } from './encryption.js';
import { isLost, serverError } from './errors.js';
import type { Parameters } from './parameters.js';
import { patiently } from './retry.js';

export type Row = Record<string, unknown>;

/** What statements are sent to: a transaction, or any connection of the pool. */
export interface Session {
  /** The rows of the last statement that gives any. */
  query(text: string, parameters?: Parameters): Promise<Row[]>;
}

interface ServerOptions {
  /** Most connections at once. */
  connections?: number;
  signal?: AbortSignal | undefined;
}

const MOST_CONNECTIONS = 8;
/** As the server's process list and its audit show it. */
const applicationName = () => `predictable ${packageVersion()}`;

export class Server implements Session {
  /** As the user named it, without secrets: for messages. */
  readonly place: string;
  /** The same as an address that can be opened again. */
  readonly url: string;
  #pool: Promise<ConnectionPool> | null = null;

  constructor(
    readonly address: ServerAddress,
    private readonly credentials: Credentials,
    private readonly options: ServerOptions = {},
  ) {
    this.url = formatAddress(address);
    this.place = `${address.host}${address.instance === null ? '' : `\\${address.instance}`}/${address.database}`;
  }

  /** For statements that only read: one whose connection is lost is sent again. */
  async query(text: string, parameters: Parameters = {}): Promise<Row[]> {
    return this.#guarded(async () => {
      const pool = await this.#connect();
      return patiently(() => ask(pool.request(), text, parameters, this.options.signal));
    });
  }

  /** Statements whose text has no parameters and may be any batch, e.g. CREATE PROCEDURE, which must stand alone in one. */
  async batch(text: string): Promise<Row[]> {
    return this.#guarded(async () => {
      const result = await (await this.#connect()).request().batch<Row>(text);
      return [...(result.recordset ?? [])];
    });
  }

  /** The same, for how many rows its last statement wrote. */
  async execute(text: string): Promise<number> {
    return this.#guarded(async () => {
      const request = (await this.#connect()).request();
      const stop = () => request.cancel();
      this.options.signal?.addEventListener('abort', stop, { once: true });
      try {
        return (await request.batch(text)).rowsAffected.at(-1) ?? 0;
      } finally {
        this.options.signal?.removeEventListener('abort', stop);
      }
    });
  }

  /**
   * All that `act` does, or nothing. It is done again from its start after a deadlock, or when the connection was lost
   * before the commit; after a loss during the commit only if `repeatable` says that doing it twice does no harm.
   */
  async transaction<T>(act: (session: Session) => Promise<T>, { repeatable }: { repeatable: boolean }): Promise<T> {
    return this.#guarded(async () => {
      const pool = await this.#connect();
      return patiently(async () => {
        const transaction = pool.transaction();
        const result = await this.#within(transaction, act);
        await commit(transaction, repeatable);
        return result;
      });
    });
  }

  /** The rows of a query, one at a time; the server waits while a row is dealt with. */
  async *stream(text: string): AsyncGenerator<unknown[]> {
    const pool = await this.#guarded(() => this.#connect());
    const request = pool.request();
    request.stream = true;
    request.arrayRowMode = true;
    const rows = request.toReadableStream();
    // More than one error may come, and the first ends the loop: the others have nobody else to hear them.
    rows.on('error', () => {});
    const stop = () => request.cancel();
    this.options.signal?.addEventListener('abort', stop, { once: true });
    let ended = false;
    try {
      request.query(text).catch(() => {
        // The stream reports the same error.
      });
      for await (const row of rows) yield row as unknown[];
      ended = true;
    } catch (error) {
      ended = true;
      throw serverError(this.place, error);
    } finally {
      this.options.signal?.removeEventListener('abort', stop);
      // Whoever reads has had enough: without an end the connection would wait for it for ever.
      if (!ended) stop();
    }
  }

  async close(): Promise<void> {
    const opening = this.#pool;
    this.#pool = null;
    const closed = opening
      ?.then((pool) => pool.close())
      .catch(() => {
        // It never opened, and whoever opened it knows why.
      });
    // One that is still being opened when the work is stopped is nobody's any more.
    if (this.options.signal?.aborted !== true) await closed;
  }

  async #within<T>(transaction: Transaction, act: (session: Session) => Promise<T>): Promise<T> {
    const session = {
      query: (text: string, parameters: Parameters = {}) =>
        ask(transaction.request(), text, parameters, this.options.signal),
    };
    try {
      await transaction.begin();
      return await act(session);
    } catch (error) {
      // Also after a begin that failed: only this gives the connection back to the pool.
      await transaction.rollback().catch(() => {
        // The server has rolled back already, or the connection is gone, which rolls back too. The first error says why.
      });
      throw error;
    }
  }

  #connect(): Promise<ConnectionPool> {
    this.#pool ??= this.#open().catch((error: unknown) => {
      this.#pool = null;
      throw error;
    });
    return unlessAborted(this.#pool, this.options.signal);
  }

  async #open(): Promise<ConnectionPool> {
    const { default: mssql } = await import('../bundled/mssql.js');
    const pool = new mssql.ConnectionPool(await this.#config());
    // A connection that breaks while nobody uses it is taken out of the pool; the next statement gets another.
    pool.on('error', () => {});
    return pool.connect();
  }

  async #config(): Promise<config> {
    const { address, credentials } = this;
    return {
      server: address.host,
      ...(address.port === null ? {} : { port: address.port }),
      database: address.database,
      connectionTimeout: address.connectTimeout,
      requestTimeout: address.requestTimeout,
      pool: { max: this.options.connections ?? MOST_CONNECTIONS, min: 0 },
      ...authentication(address, credentials),
      ...(address.encrypt ? { beforeConnect: refuseDowngrade } : {}),
      options: {
        debug: DEBUG,
        encrypt: address.encrypt,
        trustServerCertificate: address.trustServerCertificate,
        ...serverName(address.host, address.trustServerCertificate),
        appName: applicationName(),
        enableArithAbort: true,
        useUTC: true,
        ...(address.instance === null ? {} : { instanceName: address.instance }),
        ...(address.ca === null ? {} : { cryptoCredentialsDetails: { ca: await readCertificate(address.ca) } }),
      },
    };
  }

  async #guarded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (this.options.signal?.aborted === true) throw new PredictableError('CANCELLED', `${this.place}: interrupted`);
      throw serverError(this.place, error);
    }
  }
}

/** What comes of it, or the signal's reason: a server may take long to answer, or never do it. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  signal.throwIfAborted();
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function authentication({ user, authentication }: ServerAddress, { password, token }: Credentials): Partial<config> {
  if (token !== null) return { authentication: { type: 'azure-active-directory-access-token', options: { token } } };
  if (authentication === 'entra') return { authentication: { type: 'azure-active-directory-default', options: {} } };
  return { user: user ?? '', password: password ?? '' };
}

async function readCertificate(file: string): Promise<string> {
  await ordinary(file, 'ca= in the address of the server names a PEM file.');
  return named(file, () => readFile(file, 'utf8'));
}

/** A transaction that the server has ended by itself cannot be committed: its own error says why. */
async function commit(transaction: Transaction, repeatable: boolean): Promise<void> {
  try {
    await transaction.commit();
  } catch (error) {
    if (repeatable || !isLost(error)) throw error;
    throw new PredictableError('REGISTRY_UNREACHABLE', 'the connection was lost while the change was being committed', {
      hint: 'Look whether it is there (predictable history), and run it again if it is not.',
      cause: error,
    });
  }
}

async function ask(request: Request, text: string, parameters: Parameters, signal?: AbortSignal): Promise<Row[]> {
  const { default: mssql } = await import('../bundled/mssql.js');
  bindParameters(mssql, request, parameters);
  const stop = () => request.cancel();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    const { recordset } = await request.query<Row>(text);
    return recordset === undefined ? [] : [...recordset];
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}
