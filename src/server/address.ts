/** Where a SQL server is, as the user writes it: `mssql://user@host:1433/database?schema=ml`, or an ADO string. */

import { PredictableError } from '../errors.js';

export interface ServerAddress {
  host: string;
  port: number | null;
  /** A named instance, found through the SQL Server Browser. */
  instance: string | null;
  database: string;
  user: string | null;
  /** Only from an environment variable: an argument that holds one is refused before it gets here. */
  password: string | null;
  authentication: 'sql' | 'entra';
  encrypt: boolean;
  trustServerCertificate: boolean;
  /** PEM file of the authority that signed the server's certificate. */
  ca: string | null;
  /** Where the registry's tables are. */
  schema: string;
  table: string;
  /** Milliseconds. */
  connectTimeout: number;
  requestTimeout: number;
}

const DEFAULTS = {
  authentication: 'sql',
  encrypt: true,
  trustServerCertificate: false,
  ca: null,
  schema: 'dbo',
  table: 'models',
  connectTimeout: 15_000,
  // A model of 90 MB over a slow line, and its hash on a slow device.
  requestTimeout: 300_000,
} as const;

const OPTIONS = 'schema, table, authentication, encrypt, trustServerCertificate, ca, connectTimeout, requestTimeout';
const EXAMPLE = 'For example: mssql://user@server.example/database';

/** SQL Server's longest identifier, less `_schema_versions`, the longest that is put behind the table's name. */
const LONGEST_TABLE = 112;

/** Whether the text is a server's address in one of the two forms. */
export function isServerAddress(text: string): boolean {
  return text.startsWith('mssql://') || isAdo(text);
}

/** Throws USAGE; no part of the text that may be a secret is repeated. */
export function parseAddress(text: string): ServerAddress {
  return isAdo(text) ? parseAdo(text) : parseUrl(text);
}

/** The address as a URL without its password: parseAddress reads it as the same place. */
export function formatAddress(address: ServerAddress): string {
  const user = address.user === null ? '' : `${encodeURIComponent(address.user)}@`;
  const host = address.host.includes(':') ? `[${address.host}]` : address.host;
  const instance = address.instance === null ? '' : `/${encodeURIComponent(address.instance)}`;
  const port = address.port === null ? '' : `:${address.port}`;
  const changed = (Object.keys(DEFAULTS) as (keyof typeof DEFAULTS)[])
    .filter((key) => address[key] !== DEFAULTS[key])
    .map(
      (key) =>
        `${key}=${encodeURIComponent(key.endsWith('Timeout') ? Number(address[key]) / 1000 : String(address[key]))}`,
    );
  const query = changed.length === 0 ? '' : `?${changed.join('&')}`;
  return `mssql://${user}${host}${port}${instance}/${encodeURIComponent(address.database)}${query}`;
}

function parseUrl(text: string): ServerAddress {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw unusable('it is no URL');
  }
  const parts = url.pathname
    .split('/')
    .filter((part) => part !== '')
    .map(decode);
  const database = parts.pop();
  if (url.hostname === '' || database === undefined) throw unusable('it needs a host and a database');
  if (parts.length > 1) throw unusable('it has too many parts');
  const values = new Map([...url.searchParams].map(([key, value]) => [key.toLowerCase(), value]));
  return build(values, {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? null : Number(url.port),
    instance: parts[0] ?? null,
    database,
    user: url.username === '' ? null : decode(url.username),
    password: url.password === '' ? null : decode(url.password),
  });
}

/** `Server=tcp:host,1433;Database=db;User Id=sa`: the keys that matter here, in any case and spelling of ADO.NET's. */
function parseAdo(text: string): ServerAddress {
  const values = new Map<string, string>();
  for (const [, key = '', quoted, plain] of text.matchAll(
    /\s*([^=;]+?)\s*=\s*(?:"((?:[^"]|"")*)"|([^;]*))\s*(?:;|$)/g,
  )) {
    values.set(adoKey(key), quoted?.replaceAll('""', '"') ?? plain?.trim() ?? '');
  }
  const take = (key: string): string | null => {
    const value = values.get(key);
    values.delete(key);
    return value === undefined || value === '' ? null : value;
  };
  const server = take('server') ?? '';
  const [, host = '', instance, port] = /^(?:tcp:)?([^\\,]+)(?:\\([^,]+))?(?:,\s*(\d+))?$/i.exec(server) ?? [];
  const database = take('database');
  if (host === '' || database === null) throw unusable('it needs Server=… and Database=…');
  const place = {
    host: host === '.' || host.toLowerCase() === '(local)' ? 'localhost' : host,
    port: port === undefined ? null : Number(port),
    instance: instance ?? null,
    database,
    user: take('user'),
    password: take('password'),
  };
  const method = take('authentication');
  if (method !== null) values.set('authentication', /active directory/i.test(method) ? 'entra' : 'sql');
  for (const ignored of IGNORED) values.delete(ignored);
  return build(values, place);
}

/** ADO.NET's synonyms; settings of its own pool and of features that are not used here are passed over. */
function adoKey(key: string): string {
  const plain = key.toLowerCase().replaceAll(/[\s_]/g, '');
  return Object.hasOwn(SYNONYMS, plain) ? (SYNONYMS[plain] ?? plain) : plain;
}

const SYNONYMS: Record<string, string> = {
  datasource: 'server',
  addr: 'server',
  address: 'server',
  networkaddress: 'server',
  initialcatalog: 'database',
  userid: 'user',
  uid: 'user',
  pwd: 'password',
  connectiontimeout: 'connecttimeout',
  timeout: 'connecttimeout',
  commandtimeout: 'requesttimeout',
};
const IGNORED = [
  'persistsecurityinfo',
  'multipleactiveresultsets',
  'applicationname',
  'app',
  'pooling',
  'minpoolsize',
  'maxpoolsize',
  'integratedsecurity',
  'trustedconnection',
];

type Place = Pick<ServerAddress, 'host' | 'port' | 'instance' | 'database' | 'user' | 'password'>;

function build(values: Map<string, string>, place: Place): ServerAddress {
  const unknown = [...values.keys()].filter((key) => !OPTIONS.toLowerCase().split(', ').includes(key));
  if (unknown.length > 0) throw unusable(`there is no option ${unknown.join(', ')}`, `It takes ${OPTIONS}.`);
  if (place.port !== null && !(place.port >= 1 && place.port <= 65535)) throw unusable('its port is no port');
  const table = values.get('table') ?? DEFAULTS.table;
  if (table === '' || table.length > LONGEST_TABLE) throw unusable(`table has 1 to ${LONGEST_TABLE} characters`);
  const schema = values.get('schema') ?? DEFAULTS.schema;
  // Neither can be quoted in a script that is reviewed line by line.
  if (/\p{Cc}/u.test(schema + table)) throw unusable('schema and table have no control characters');
  return {
    ...place,
    authentication: oneOf(values, 'authentication', ['sql', 'entra'] as const) ?? DEFAULTS.authentication,
    encrypt: flag(values, 'encrypt') ?? DEFAULTS.encrypt,
    trustServerCertificate: flag(values, 'trustservercertificate') ?? DEFAULTS.trustServerCertificate,
    ca: values.get('ca') ?? DEFAULTS.ca,
    schema,
    table,
    connectTimeout: seconds(values, 'connecttimeout') ?? DEFAULTS.connectTimeout,
    requestTimeout: seconds(values, 'requesttimeout') ?? DEFAULTS.requestTimeout,
  };
}

function flag(values: Map<string, string>, key: string): boolean | undefined {
  const word = oneOf(values, key, ['true', 'false', 'yes', 'no', 'mandatory', 'optional', 'strict'] as const);
  return word === undefined ? undefined : !['false', 'no', 'optional'].includes(word);
}

function oneOf<T extends string>(values: Map<string, string>, key: string, words: readonly T[]): T | undefined {
  const value = values.get(key)?.toLowerCase();
  if (value === undefined) return undefined;
  const found = words.find((word) => word === value);
  if (found === undefined) throw unusable(`${key} is one of ${words.join(', ')}`);
  return found;
}

function seconds(values: Map<string, string>, key: string): number | undefined {
  const value = values.get(key);
  if (value === undefined) return undefined;
  if (!(Number(value) > 0)) throw unusable(`${key} is a number of seconds above 0`);
  return Number(value) * 1000;
}

function isAdo(text: string): boolean {
  return /^\s*(server|data source|addr|address|network address)\s*=/i.test(text);
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw unusable('it has a % that stands for nothing');
  }
}

function unusable(why: string, hint = EXAMPLE): PredictableError {
  return new PredictableError('USAGE', `the address of the server cannot be used: ${why}`, { hint });
}
