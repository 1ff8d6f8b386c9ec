/** Whether PREDICT with ONNX works on a server: found out by scoring one row with a tiny model, never from its version. */

import { PredictableError } from '../errors.js';
import { encodeModel } from '../graph/codec/codec.js';
import type { ValueInfo } from '../graph/codec/model.js';
import { TARGETS } from '../targets/targets.js';
import type { Server } from './connection.js';
import { predictError } from './errors.js';

type PredictProbe =
  /** It loads models of this opset and IR: the newest of our profiles that it took. */
  | { state: 'works'; opset: number; ir: number }
  /** The server cannot even read the statement. */
  | { state: 'absent'; message: string }
  | { state: 'denied'; message: string }
  /** It has PREDICT, and something else is wrong. */
  | { state: 'failed'; message: string };

type Profile = { opset: number; ir: number };

/** Newest first. */
const PROFILES: Profile[] = [TARGETS['sql-edge'], TARGETS['sql-edge-1']].map(({ opsets, ir }) => ({
  opset: opsets[''],
  ir,
}));

/** Exact in real. */
const VALUE = 1.5;

/** Throws what keeps the server from answering at all: REGISTRY_UNREACHABLE, LOGIN_FAILED, CANCELLED. */
export async function probePredict(server: Server): Promise<PredictProbe> {
  let outcome: PredictProbe = { state: 'failed', message: 'nothing was tried' };
  for (const profile of PROFILES) {
    outcome = await tryProfile(server, profile);
    if (outcome.state !== 'failed') return outcome;
  }
  return outcome;
}

/** Throws NO_ONNX_PREDICT, PERMISSION_DENIED or SERVER_ERROR where PREDICT does not work, with what the probe said. */
export async function mustHavePredict(server: Server): Promise<void> {
  const outcome = await probePredict(server);
  if (outcome.state === 'works') return;
  throw new PredictableError(PROBE_CODES[outcome.state], outcome.message, {
    hint: PROBE_HINTS[outcome.state],
    details: { server: server.place, probe: outcome.state },
  });
}

const PROBE_CODES = { absent: 'NO_ONNX_PREDICT', denied: 'PERMISSION_DENIED', failed: 'SERVER_ERROR' } as const;

export const PROBE_HINTS: Record<Exclude<PredictProbe['state'], 'works'>, string> = {
  absent: 'Score its rows here: --engine local. Models as plain T-SQL, which need no PREDICT, are coming.',
  denied: 'It needs EXECUTE on the database. Until then: --engine local.',
  failed: 'The message is the server’s own. Score its rows here: --engine local.',
};

/** The smallest model of the columnar contract: one real column, given back. */
export function probeModel({ opset, ir }: Profile): Uint8Array {
  return encodeModel({
    ir,
    opsets: [{ domain: '', version: opset }],
    producer: 'predictable',
    producerVersion: '',
    domain: '',
    version: 0,
    doc: '',
    metadata: new Map(),
    graph: {
      name: 'probe',
      doc: '',
      inputs: [column('x')],
      outputs: [column('y')],
      values: [],
      initializers: [],
      sparse: [],
      quantization: [],
      nodes: [{ name: '', domain: '', op: 'Identity', inputs: ['x'], outputs: ['y'], doc: '', attributes: new Map() }],
    },
    functions: [],
    training: [],
  });
}

export function probeStatement(profile: Profile): string {
  return `DECLARE @model varbinary(max) = 0x${Buffer.from(probeModel(profile)).toString('hex')};
WITH predict_input AS (SELECT CAST(${VALUE} AS real) AS [x])
SELECT p.[y] FROM PREDICT(MODEL = @model, DATA = predict_input AS d, RUNTIME = ONNX) WITH ([y] real) AS p;`;
}

async function tryProfile(server: Server, profile: Profile): Promise<PredictProbe> {
  try {
    const [row] = await server.query(probeStatement(profile));
    if (row?.y === VALUE) return { state: 'works', ...profile };
    return { state: 'failed', message: `${server.place}: PREDICT gave ${String(row?.y)} for ${VALUE}` };
  } catch (thrown) {
    const error = predictError(server.place, thrown);
    if (!(error instanceof PredictableError) || error.details?.number === undefined) throw error;
    const { code, message } = error;
    if (code === 'NO_ONNX_PREDICT') return { state: 'absent', message };
    return { state: code === 'PERMISSION_DENIED' ? 'denied' : 'failed', message };
  }
}

function column(name: string): ValueInfo {
  return { name, doc: '', type: { kind: 'tensor', element: 'float', shape: ['N', 1] } };
}
