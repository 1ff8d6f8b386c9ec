import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import yargs from 'yargs';
import { z } from 'zod';
import { contentKeys } from '../../src/batch/content-key.js';
import { modelOptions } from '../../src/batch/zoo/entry-options.js';
import { zooFileSchema } from '../../src/batch/zoo/zoo-schema.js';
import type { RunnableCommand } from '../../src/cli/command.js';
import { batch } from '../../src/cli/commands/models/batch.js';
import { convert } from '../../src/cli/commands/models/convert.js';
import { normalize as normalizeCommand } from '../../src/cli/commands/models/normalize.js';
import { verify as verifyCommand } from '../../src/cli/commands/models/verify.js';
import { convertModel } from '../../src/convert/convert.js';
import { Converters } from '../../src/convert/converters.js';
import {
  type ConversionOptions,
  type OptionName,
  ROWS,
  readOptions,
} from '../../src/convert/options/conversion-options.js';
import type { OptionRow, Taker } from '../../src/convert/options/row.js';
import { normalize } from '../../src/graph/normalize.js';
import { packageVersion } from '../../src/paths.js';
import { verify } from '../../src/verify/verify.js';
import { CONTENT, FakeExecutor, frameOf, writeFiles } from '../support/fake-executor.js';

vi.mock('../../src/graph/normalize.js', async (load) => {
  const actual = await load<typeof import('../../src/graph/normalize.js')>();
  // The small model has one output: the largest of many are another test's.
  return {
    ...actual,
    normalize: vi.fn<typeof actual.normalize>((graph, { top: _, ...told }) => actual.normalize(graph, told)),
  };
});
vi.mock('../../src/verify/verify.js', async (load) => {
  const actual = await load<typeof import('../../src/verify/verify.js')>();
  return { ...actual, verify: vi.fn(actual.verify) };
});

/** Of each option a value that is not its default, and how it is written. A new row has to have one. */
const EXAMPLES: { [K in OptionName]: { value: NonNullable<ConversionOptions[K]>; line: string; zoo: unknown } } = {
  target: { value: 'embedded', line: 'embedded', zoo: 'embedded' },
  columns: { value: ['u', 'v'], line: 'u, v', zoo: ['u', 'v'] },
  onNull: { value: 3, line: '3', zoo: 3 },
  onUnknown: { value: 'zeros', line: 'zeros', zoo: 'zeros' },
  batch: { value: 1, line: '1', zoo: 1 },
  outputs: { value: ['y'], line: 'y', zoo: 'y' },
  top: { value: 2, line: '2', zoo: 2 },
  weights: { value: 'float16', line: 'float16', zoo: 'float16' },
  inputs: { value: [{ name: 'x', dtype: 'float32', shape: [-1, 4] }], line: 'x:float:N,4', zoo: 'x:float:N,4' },
  factory: { value: 'network:make', line: 'network:make', zoo: 'network:make' },
  signature: { value: 'serving', line: 'serving', zoo: 'serving' },
  tag: { value: 'serve', line: 'serve', zoo: 'serve' },
  imageSize: { value: [2, 3], line: '2x3', zoo: '2x3' },
  sample: { value: 'rows.csv', line: 'rows.csv', zoo: 'rows.csv' },
  rtol: { value: 0.5, line: '0.5', zoo: 0.5 },
  atol: { value: 0.25, line: '0.25', zoo: 0.25 },
  probeRows: { value: 0, line: '0', zoo: 0 },
  converter: { value: 'keras-onnx', line: 'keras-onnx', zoo: 'keras-onnx' },
  environment: { value: 'keras-onnx 2020', line: 'keras-onnx 2020', zoo: 'keras-onnx 2020' },
  timeout: { value: 4000, line: '4', zoo: 4 },
  precision: { value: 'double', line: 'double', zoo: 'double' },
  allowRounding: { value: true, line: '', zoo: true },
};

const rows = ROWS.map(([name, row]): [OptionName, OptionRow] => [name, row]);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'predictable-options-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const COMMANDS: Record<Taker, RunnableCommand[]> = {
  convert: [convert, batch],
  normalize: [normalizeCommand],
  verify: [verifyCommand],
};

/** What a command's own parser makes of arguments. */
function parsed(command: RunnableCommand, line: string[]): Record<string, unknown> {
  return command.builder(yargs(line)).parseSync() as Record<string, unknown>;
}

/** The names of the options that a command offers. */
function offered(command: RunnableCommand): string[] {
  const built = command.builder(yargs([])) as unknown as { getOptions(): { key: Record<string, boolean> } };
  return Object.keys(built.getOptions().key);
}

describe.each(rows)('the option %s', (name, row) => {
  const { value, line, zoo } = EXAMPLES[name];

  it('is offered by the commands that take it, and by no other', () => {
    for (const [taker, commands] of Object.entries(COMMANDS) as [Taker, RunnableCommand[]][])
      for (const command of commands) expect(offered(command).includes(row.option)).toBe(row.takenBy.includes(taker));
  });

  it('has its value from the command line', () => {
    const args = parsed(convert, ['model', `--${row.option}`, line]);
    expect(readOptions(args)[name]).toEqual(value);
  });

  it('has the same value from a zoo.yaml, where its schema is published', () => {
    const said = zooFileSchema.parse({ schema: 1, models: [{ path: 'm', [row.option]: zoo }] }).models[0];
    // Its targets make models of their own, and its paths are relative to the file.
    const expected = { target: undefined, sample: path.resolve('zoo', 'rows.csv') }[name as string] ?? value;
    expect(modelOptions(said ?? {}, 'zoo')[name]).toEqual(name === 'target' ? undefined : expected);
    expect(JSON.stringify(z.toJSONSchema(zooFileSchema))).toContain(JSON.stringify(row.describe));
  });

  it('decides the key of a run if its row says so', () => {
    const keyOf = contentKeys([], { keepUnverified: false });
    const model = { name: 'm', source: 'm', path: path.join(folder, 'm'), tags: [], readFrom: [] };
    const [without, withIt] = [keyOf({ ...model, options: {} }), keyOf({ ...model, options: { [name]: value } })];
    // A sample is told by its rows; that of this name is not there.
    expect(withIt !== without).toBe(row.decides || name === 'sample');
  });

  it('does something, and only where its row says so', async () => {
    writeFiles(folder, { 'net.h5': CONTENT.keras(), 'rows.csv': 'a,b\n1.5,2\n' });
    const given = { [name]: name === 'sample' ? path.join(folder, 'rows.csv') : value };
    const without = await told(name === 'environment' ? { converter: 'keras-onnx' } : {});
    const withIt = await told(name === 'environment' ? { ...given, converter: 'keras-onnx' } : given);
    const changed = (what: keyof typeof without) => JSON.stringify(withIt[what]) !== JSON.stringify(without[what]);
    expect(Object.keys(without).some((what) => changed(what as keyof typeof without))).toBe(true);
    if (row.ask !== undefined) expect(withIt.request[name as never]).not.toEqual(without.request[name as never]);
    if (row.normalizer !== undefined) expect(withIt.normalizer[row.normalizer]).toEqual(value);
    expect(withIt.provenance[name]).toEqual(row.recorded ? value : undefined);
  });
});

/** What each stage was told, and what came out. */
async function told(options: ConversionOptions) {
  vi.mocked(normalize).mockClear();
  vi.mocked(verify).mockClear();
  const executor = new FakeExecutor();
  const converters = await Converters.open({ executor });
  const sample = frameOf(['a', 'b'], [[1, 2]]);
  const { provenance } = await convertModel(path.join(folder, 'net.h5'), converters, { sample, ...options });
  await converters.close();
  const { options: call, converter, environment, request } = executor.calls[0]!;
  const { path: _path, work: _work, sample: _sample, ...asked } = request;
  const { metadata: _metadata, ...normalizer } = vi.mocked(normalize).mock.calls[0]![1];
  const { tolerance, rows: used, timeout } = vi.mocked(verify).mock.calls[0]![0];
  return {
    request: asked as Record<string, unknown>,
    call: [call.timeout, converter, environment],
    normalizer: normalizer as Record<string, unknown>,
    verification: [tolerance, timeout, used.columns.map(({ values }) => String(values[0]))],
    provenance: provenance.options,
  };
}

it('the key of a run is the one that it had before there was a table', () => {
  const options = { target: 'sql-edge', batch: 'N', rtol: 0.1, outputs: ['y'], timeout: 5000, tag: undefined } as const;
  const model = { name: 'm', source: 'm', path: path.join(folder, 'm'), tags: [], readFrom: [] };
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  const common = sha256(JSON.stringify([1, packageVersion(), false, null]));
  const said = '[["batch","N"],["outputs",["y"]],["rtol",0.1],["target","sql-edge"]]';
  expect(contentKeys([], { keepUnverified: false })({ ...model, options: { ...options, outputs: ['y'] } })).toBe(
    sha256(`${common} m\n${said}\nnone\n`),
  );
});
