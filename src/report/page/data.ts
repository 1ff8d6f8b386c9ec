/** What the page is given: one row a model at once, and all that is known of a model when it is opened. */

import type { ProbeFacts } from './probes.js';

export type Status = 'converted' | 'cached' | 'failed' | 'skipped';

export interface RunFacts {
  zoo: string;
  started: string;
  seconds: number;
  finished: boolean;
  executor: string;
  jobs: number;
  predictable: string;
  totals: { models: number; converted: number; cached: number; failed: number; skipped: number };
}

/** A model in the table. */
export interface ModelRow {
  name: string;
  source: string;
  status: Status;
  tags: string[];
  converter?: string;
  model?: string;
  code?: string;
  message?: string;
  hint?: string;
  inputs?: number;
  outputs?: number;
  rows?: number;
  verified?: 'passed' | 'failed' | 'unavailable';
  maxAbsDiff?: number;
  labelMismatches?: number;
  bytes?: number;
  elapsed: number;
  warnings: number;
  /** The block of the page that holds its details; a live page asks for them by name. */
  block?: number;
}

export interface Summary {
  run: RunFacts;
  rows: ModelRow[];
  /** Served while the run goes on. */
  live: boolean;
}

export interface Column {
  name: string;
  sqlType: string;
  nulls?: string | number;
  categories?: string[] | undefined;
  unknown?: string | undefined;
  role?: string;
  labels?: string[] | undefined;
}

type Value = number | string | null;

export interface VerificationFacts {
  status: 'passed' | 'failed' | 'unavailable';
  rows: number;
  rowsSource: string;
  reference: string;
  runtimes: string[];
  runtimesNotChecked: string[];
  maxAbsDiff: number;
  maxRelDiff: number;
  labelMismatches: number;
  rtol: number;
  atol: number;
  /** Documents that are older than probes have none. */
  probes?: ProbeFacts | null | undefined;
  undecided?: Record<string, number> | undefined;
  rounding: { rowsChanged: number; maxAbsDiff: number };
  worst?:
    | {
        row: number;
        probe?: string | undefined;
        column: string;
        runtime: string;
        expected: Value;
        got: Value;
        inputs: Record<string, Value>;
      }[]
    | undefined;
}

/** A model's document of the run, as far as the page shows it. */
export interface ModelFacts {
  name: string;
  source: string;
  status: Status;
  tags: string[];
  attempts: number;
  elapsed: number;
  output?: string | undefined;
  bytes?: number | undefined;
  sourceBytes?: number | undefined;
  sha256?: string | undefined;
  model?: string | undefined;
  format?: string | undefined;
  converter?: string | undefined;
  target: string;
  opsets?: Record<string, number> | undefined;
  ir?: number | undefined;
  precision?: string | undefined;
  inputs?: Column[] | undefined;
  outputs?: Column[] | undefined;
  verification?: VerificationFacts | undefined;
  warnings: { code: string; message: string }[];
  error?: FailureFacts | undefined;
  /** The walls around the process that loaded the original: whether each stood. */
  sandbox?: Record<string, boolean> | undefined;
  /** sha256 of the public key that signed. */
  signedBy?: string | undefined;
  provenance?: Record<string, unknown> | undefined;
  timings?: Record<string, number> | undefined;
  registered?: { registry: string; name: string; version: number; created: boolean } | undefined;
}

export interface FailureFacts {
  code: string;
  message: string;
  hint?: string | undefined;
  details?: Record<string, unknown> | undefined;
}

export interface Sketch {
  inputs: { name: string; type: string }[];
  outputs: { name: string; type: string }[];
  nodes: { op: string; detail?: string | undefined }[];
  edges: [string, string][];
  left: { nodes: number; inputs: number; outputs: number };
}

export interface OutputFacts {
  name: string;
  role: string;
  rows: number;
  points?: [number, number][] | undefined;
  confusion?: { original: string; model: string; rows: number }[] | undefined;
  histogram: { above: number | null; upTo: number | null; rows: number }[];
}

export interface EvidenceFacts {
  before: Sketch;
  after: Sketch;
  outputs: OutputFacts[];
  outputsLeft: number;
}

/** The T-SQL that scores a model, what should be known of it, or why there is none. */
export interface ModelSql {
  text?: string;
  note: string;
}

export interface ModelDetail {
  facts: ModelFacts;
  evidence?: EvidenceFacts;
  sql: ModelSql;
}
