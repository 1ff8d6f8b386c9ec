/** One profile a target engine: what its PREDICT loads, what it refuses, and in which runtime a model for it is verified. */

export const TARGET_IDS = ['sql-edge', 'sql-edge-1', 'synapse', 'sql-server', 'embedded'] as const;
export type TargetId = (typeof TARGET_IDS)[number];

/** Where neither the user nor a registry says another. */
export const DEFAULT_TARGET = 'sql-edge' satisfies TargetId;

/** ONNX Runtime versions that a model can be run in. 1.5.2 needs a Python 3.8 to be found. */
export type RuntimeVersion = '1.30.0' | '1.12.1' | '1.5.2';

export interface TargetProfile {
  id: TargetId;
  title: string;
  /** Whether the engine has PREDICT with ONNX; without it the model becomes plain T-SQL. */
  predict: boolean;
  /** Newest versions that it loads. */
  opsets: { '': number; 'ai.onnx.ml': number };
  ir: number;
  /** Targets whose models its registry takes: an engine loads what was made for an older one. */
  accepts: readonly TargetId[];
  /** The largest number of bytes it takes: PREDICT refuses 100 MB and more (error 39094). */
  maxBytes: number;
  /** 1,024 columns a table, less the key. */
  maxInputs: number;
  /** The same for the predictions. */
  maxOutputs: number;
  /** The longest row of a table, in bytes. */
  maxRowBytes: number;
  runtimes: readonly RuntimeVersion[];
}

const MEGABYTE = 2 ** 20;
const SERVER_LIMITS = { maxBytes: 100 * MEGABYTE - 1, maxInputs: 1023, maxOutputs: 1023, maxRowBytes: 8060 } as const;

export const TARGETS: Record<TargetId, TargetProfile> = {
  'sql-edge': {
    id: 'sql-edge',
    title: 'SQL Edge 2.0',
    predict: true,
    accepts: ['sql-edge', 'sql-edge-1', 'synapse'],
    opsets: { '': 17, 'ai.onnx.ml': 3 },
    ir: 8,
    ...SERVER_LIMITS,
    runtimes: ['1.30.0', '1.12.1'],
  },
  'sql-edge-1': {
    id: 'sql-edge-1',
    title: 'SQL Edge 1.0',
    predict: true,
    accepts: ['sql-edge-1', 'synapse'],
    opsets: { '': 12, 'ai.onnx.ml': 2 },
    ir: 6,
    ...SERVER_LIMITS,
    runtimes: ['1.30.0', '1.5.2'],
  },
  synapse: {
    id: 'synapse',
    title: 'Synapse dedicated SQL pool',
    predict: true,
    accepts: ['synapse', 'sql-edge-1'],
    opsets: { '': 12, 'ai.onnx.ml': 2 },
    ir: 6,
    ...SERVER_LIMITS,
    runtimes: ['1.30.0', '1.5.2'],
  },
  'sql-server': {
    id: 'sql-server',
    title: 'SQL Server (plain T-SQL)',
    predict: false,
    accepts: ['sql-server'],
    opsets: { '': 17, 'ai.onnx.ml': 3 },
    ir: 8,
    ...SERVER_LIMITS,
    runtimes: ['1.30.0', '1.12.1'],
  },
  embedded: {
    id: 'embedded',
    title: 'the embedded registry',
    predict: false,
    accepts: TARGET_IDS,
    opsets: { '': 17, 'ai.onnx.ml': 3 },
    ir: 8,
    // onnx-proto and DuckDB both hold a model as one buffer: a protobuf message ends at 2 GiB.
    maxBytes: 2 ** 31 - 1,
    maxInputs: 100_000,
    maxOutputs: 100_000,
    maxRowBytes: Number.POSITIVE_INFINITY,
    runtimes: ['1.30.0', '1.12.1'],
  },
};
