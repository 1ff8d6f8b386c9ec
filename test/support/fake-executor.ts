/**
 * Converters without Python: each call is answered at once with a small linear model and what its original predicts, so
 * that all that comes after a converter (normalising, verifying, writing, registering) really happens.
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { NO_SANDBOX, type Sandbox } from '../../src/bridge/sandbox.js';
import type { CallOptions, Executor, ReadyConverter } from '../../src/convert/executor.js';
import type { Converted, Reference } from '../../src/converters/answer.js';
import type { ConverterEnvironment, ConverterManifest } from '../../src/converters/manifest.js';
import type { ConverterRequest } from '../../src/converters/request.js';
import { type ErrorCode, PredictableError } from '../../src/errors.js';
import { numberTensor } from '../../src/graph/codec/tensors.js';
import type { Frame } from '../../src/rows/frame.js';
import { readFrame, writeFrame } from '../../src/rows/frame-file.js';
import type { Warning } from '../../src/warnings.js';
import { bytes, named, node, value } from '../graph/build.js';

/** A call as it came. */
export interface Call {
  converter: string;
  environment: string;
  /** The model's file name. */
  file: string;
  request: ConverterRequest;
  options: CallOptions;
}

/** How a call goes otherwise than well. */
export interface Behaviour {
  error?: ErrorCode | PredictableError;
  /** Added to what the original predicts: the model does not verify. */
  off?: number;
  /** Who predicted: `onnx` where the original cannot be run. */
  by?: Reference['by'];
  warnings?: Warning[];
  /** The graph is no ONNX. */
  corrupt?: boolean;
  /** Goes on until it is cancelled or its time is over. */
  hangs?: boolean;
}

export interface FakeOptions {
  /** `nth`: how often this file's call came before. */
  behave?: (call: Call, nth: number) => Behaviour | undefined;
  /** Why an environment cannot be made ready. */
  refuse?: (converter: string, environment: string) => PredictableError | undefined;
  /** Those that stand where a call is let in by them: all. */
  walls?: Sandbox;
}

const ALL_WALLS: Sandbox = { files: true, network: true, exec: true, memory: true };

/** y = 1 + 1·a + 2·b + 3·c …, over the columns that are named, or a and b. */
export class FakeExecutor implements Executor {
  readonly calls: Call[] = [];
  /** Environments, as they were asked for. */
  readonly started: string[] = [];
  rested = 0;
  closed = false;

  constructor(private readonly fake: FakeOptions = {}) {}

  async start({ id }: ConverterManifest, { name }: ConverterEnvironment): Promise<ReadyConverter> {
    this.started.push(`${id} in ${name}`);
    const refused = this.fake.refuse?.(id, name);
    if (refused !== undefined) throw refused;
    const pool = {
      call: async (request: object, options: CallOptions = {}) =>
        this.#call(id, name, request as ConverterRequest, options),
      rest: async () => {
        this.rested++;
      },
      sandbox: () => NO_SANDBOX,
    };
    return { environment: { name }, pool, entry: `/converters/${id}.py`, lockSha256: `lock of ${id}` };
  }

  async close(): Promise<void> {
    this.closed = true;
  }

  async #call(
    converter: string,
    environment: string,
    request: ConverterRequest,
    options: CallOptions,
  ): Promise<unknown> {
    const file = path.basename(request.path);
    const call = { converter, environment, file, request, options };
    const nth = this.calls.filter((before) => before.file === file).length;
    this.calls.push(call);
    if (options.signal?.aborted) throw new PredictableError('CANCELLED', `${file} was not begun`);
    const { error, hangs, off = 0, by = 'native', warnings = [], corrupt } = this.fake.behave?.(call, nth) ?? {};
    options.admit?.(this.fake.walls ?? ALL_WALLS);
    if (hangs) await untilStopped(file, options);
    if (error instanceof PredictableError) throw error;
    if (error !== undefined) throw new PredictableError(error, `${file}: ${error} as told`);
    const reference = await referenceOf(request, off, by);
    if (request.action === 'predict') return { reference, warnings };
    const onnx = path.join(request.work, 'raw.onnx');
    const columns = await namesOf(request);
    const types = columns.map((name) => typeOf(request, name));
    const element = types.includes('double') ? 'double' : 'float';
    await writeFile(onnx, corrupt ? 'no ONNX' : linearModel(columns.length, element));
    return {
      model: 'Linear()',
      libraries: { python: '3.11.7', fake: '1.0' },
      onnx,
      columns: columns.map((name, at) => ({ name, kind: 'number', type: types[at] ?? 'float', acceptsMissing: false })),
      inputs: [{ tensor: 'x', columns }],
      outputs: [{ tensor: 'y', names: ['y'], role: 'value' }],
      reference,
      warnings,
    } satisfies Converted;
  }
}

async function untilStopped(file: string, { timeout, signal }: CallOptions): Promise<never> {
  await wait(timeout ?? 60_000, undefined, { signal }).catch(() => undefined);
  throw new PredictableError(signal?.aborted ? 'CANCELLED' : 'CONVERTER_TIMEOUT', `${file} was ended`);
}

async function namesOf(request: ConverterRequest): Promise<string[]> {
  if (request.columns !== null) return request.columns;
  if (request.sample === null) return ['a', 'b'];
  return (await readFrame(request.sample)).columns.map(({ name }) => name);
}

/** Rows of the sample, or made up, and the predictions for them: the original computes in double. */
async function referenceOf(request: ConverterRequest, off: number, by: Reference['by']): Promise<Reference> {
  const names = await namesOf(request);
  const sample = request.sample === null ? null : await readFrame(request.sample);
  const rows = Array.from({ length: sample?.rows ?? request.syntheticRows }, (_, row) =>
    names.map((_name, at) => Number(sample?.columns[at]?.values[row] ?? (row % 7) + at / 4)),
  );
  const rounded = rows.map((row) =>
    row.map((cell, at) => (typeOf(request, names[at] ?? '') === 'float' ? Math.fround(cell) : cell)),
  );
  const base = (name: string) => path.join(request.work, name);
  await writeFrame(base('rows'), frameOf(names, rows));
  await writeFrame(
    base('expected'),
    frameOf(
      ['y'],
      rounded.map((row) => [linear(row) + off]),
    ),
  );
  const changed = rounded.some((row, at) => row.some((cell, column) => cell !== rows[at]?.[column]));
  if (changed)
    await writeFrame(
      base('unrounded'),
      frameOf(
        ['y'],
        rows.map((row) => [linear(row) + off]),
      ),
    );
  return {
    by,
    rows: base('rows'),
    rowsSource: sample === null ? 'synthetic' : 'sample',
    expected: base('expected'),
    expectedUnrounded: changed ? base('unrounded') : null,
    probes: null,
    undecided: {},
    float32: false,
  };
}

function typeOf({ precision, wide }: ConverterRequest, name: string): 'float' | 'double' {
  return wide?.includes(name) ? 'double' : precision;
}

const linear = (row: number[]) => row.reduce((sum, cell, at) => sum + (at + 1) * cell, 1);

export function frameOf(names: string[], rows: number[][]): Frame {
  return {
    rows: rows.length,
    columns: names.map((name, at) => ({
      name,
      type: 'double',
      values: Float64Array.from(rows, (row) => row[at] ?? 0),
    })),
  };
}

function linearModel(width: number, element: 'float' | 'double'): Uint8Array {
  const numbers = (values: number[]) => (element === 'float' ? Float32Array.from(values) : Float64Array.from(values));
  const factors = Array.from({ length: width }, (_, at) => at + 1);
  return bytes({
    inputs: [value('x', element, ['N', width])],
    outputs: [value('y', element, ['N', 1])],
    nodes: [node('MatMul', ['x', 'w'], ['xw']), node('Add', ['xw', 'one'], ['y'])],
    initializers: [
      named('w', numberTensor(element, [width, 1], numbers(factors))),
      named('one', numberTensor(element, [1], numbers([1]))),
    ],
  });
}

/** Files that are told by their content: LightGBM's text, Keras's HDF5. */
export const CONTENT = {
  lightgbm: (salt = '') => `tree\nversion=v4\n${salt}`,
  keras: (salt = '') => Buffer.concat([Buffer.from('89484446', 'hex'), Buffer.from(`\r\n\x1a\n${salt}`, 'latin1')]),
} as const;

/** Writes files into a folder, by name, and returns the folder. */
export function writeFiles(folder: string, files: Record<string, string | Uint8Array>): string {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), content);
  }
  return folder;
}
