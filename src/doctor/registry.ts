/** The registry: a file, or a server and what it can do. */

import { asPredictableError } from '../errors.js';
import { SCHEMA_VERSION } from '../registry/mssql/schema.js';
import { openRegistry } from '../registry/open.js';
import type { Registry, ServerRegistry } from '../registry/registry.js';
import type { OpenServerOptions } from '../server/open.js';
import { PROBE_HINTS, probePredict } from '../server/predict-probe.js';
import { DIALECTS } from '../sql/dialect.js';
import type { Finding } from './finding.js';

export async function diagnoseRegistry(url: string, options: OpenServerOptions): Promise<Finding[]> {
  let registry: Registry | null = null;
  try {
    registry = await openRegistry(url, { ...options, readOnly: true });
    const server = registry.onServer();
    if (server !== null) return await diagnoseServer(server);
    const models = await registry.list();
    return [{ part: 'Registry', state: 'ok', detail: `${registry.url}: ${models.length} models` }];
  } catch (thrown) {
    return [failed('Registry', thrown)];
  } finally {
    await registry?.close();
  }
}

async function diagnoseServer(registry: ServerRegistry): Promise<Finding[]> {
  const { server } = registry;
  const findings: Finding[] = [];
  try {
    const { title, version } = await registry.facts();
    findings.push({ part: 'Server', state: 'ok', detail: `${server.place}: ${title}, version ${version}` });
  } catch (thrown) {
    return [failed('Server', thrown)];
  }
  findings.push(encryption(registry));
  for (const [part, look] of LOOKS) {
    try {
      findings.push(await look(registry));
    } catch (thrown) {
      findings.push(failed(part, thrown));
    }
  }
  return findings;
}

const LOOKS: [part: string, look: (registry: ServerRegistry) => Promise<Finding>][] = [
  ['Login', login],
  ['Registry', objects],
  ['ONNX PREDICT', predict],
];

/** A connection that asks for TLS is refused where there is none, so what was asked for is what there is. */
function encryption({ server: { address } }: ServerRegistry): Finding {
  const part = 'Encryption';
  if (!address.encrypt) {
    const hint = 'Leave encrypt=false out of the address, unless the network is trusted.';
    return { part, state: 'optional', detail: 'none: passwords and rows travel as they are', hint };
  }
  if (!address.trustServerCertificate) return { part, state: 'ok', detail: 'TLS, the certificate is checked' };
  const hint = 'Give its authority with ?ca=FILE instead of trustServerCertificate=true.';
  return { part, state: 'optional', detail: 'TLS, the certificate is not checked', hint };
}

async function login(registry: ServerRegistry): Promise<Finding> {
  const dialect = DIALECTS[(await registry.facts()).target];
  const [row] = await registry.server.query(`SELECT ${dialect.login} AS [login], USER_NAME() AS [user];`);
  return { part: 'Login', state: 'ok', detail: `${String(row?.login)}, user ${String(row?.user)} of the database` };
}

async function objects(registry: ServerRegistry): Promise<Finding> {
  const { schema, table } = registry.server.address;
  const models = await registry.list();
  const detail = `${schema}.${table}: schema ${SCHEMA_VERSION}, ${models.length} models`;
  return { part: 'Registry', state: 'ok', detail };
}

/** Without PREDICT the registry is of use all the same. */
async function predict({ server }: ServerRegistry): Promise<Finding> {
  const part = 'ONNX PREDICT';
  const outcome = await probePredict(server);
  if (outcome.state === 'works') {
    return { part, state: 'ok', detail: `works, with models up to opset ${outcome.opset} (IR ${outcome.ir})` };
  }
  return { part, state: 'optional', detail: outcome.message, hint: PROBE_HINTS[outcome.state] };
}

function failed(part: string, thrown: unknown): Finding {
  const { message, hint } = asPredictableError(thrown);
  return { part, state: 'missing', detail: message, ...(hint === undefined ? {} : { hint }) };
}
