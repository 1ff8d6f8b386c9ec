/** A session in ONNX Runtime 1.5.2: the graph and its tensors go to a Python interpreter as files. */

import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { PredictableError } from '../errors.js';
import { mustLieWithin } from '../files/answered.js';
import { named } from '../files/named.js';
import { removeTemporary, temporaryFolder } from '../files/temporary.js';
import { recordOf } from '../record-of.js';
import type { FrameColumn } from '../rows/frame.js';
import { readFrame, writeFrame } from '../rows/frame-file.js';
import type { Tensor } from '../tensor.js';
import { tookTooLong } from './process.js';
import { pythonRuntime } from './python-runtime.js';
import type { Session, SessionOptions } from './session.js';

const loadedSchema = z.object({ inputNames: z.array(z.string()), outputNames: z.array(z.string()) });

/** A frame file holds columns of one length, so tensors of different lengths lie in several. */
const tensorFilesSchema = z.array(z.object({ base: z.string(), shapes: recordOf(z.array(z.number())) }));
type TensorFiles = z.infer<typeof tensorFilesSchema>;

/** The sessions that are not closed; interpreters keep no others. */
const open = new Set<string>();

/** Throws PYTHON_NOT_FOUND or ENVIRONMENT_FAILED where the runtime cannot be had, and what every session throws. */
export async function openInPython(
  bytes: Uint8Array,
  { runtime, timeout }: Pick<SessionOptions, 'runtime'> & { timeout: number },
): Promise<Session> {
  const { pool, entry } = await pythonRuntime();
  const folder = temporaryFolder('graph');
  const given = path.join(folder, 'given');
  const graph = path.join(given, 'graph.onnx');
  // What an interpreter knows a loaded graph by: it meets the file under another name in each call.
  const session = path.basename(folder);
  open.add(session);
  let runs = 0;
  let ended: PredictableError | undefined;
  const call = async (request: object, work: string) => {
    if (ended !== undefined) throw ended;
    try {
      const files = { given, work };
      return await pool.call({ converter: entry, session, open: [...open], graph, ...request }, { timeout, files });
    } catch (thrown) {
      // A graph that took an interpreter down would take down the next one too.
      ended ??= interpreterLost(thrown, timeout);
      throw ended ?? thrown;
    }
  };
  const close = async () => {
    ended ??= new PredictableError('INFERENCE_FAILED', 'the session is closed');
    open.delete(session);
    await removeTemporary(folder);
  };
  const run: Session['run'] = async (feeds) => {
    if (ended !== undefined) throw ended;
    const number = String(++runs);
    const [rows, work] = [path.join(given, number), path.join(folder, number)];
    await Promise.all([mkdir(rows), mkdir(work)]);
    try {
      const request = { action: 'run', feeds: await writeTensors(rows, feeds), results: path.join(work, 'results') };
      const found = tensorFilesSchema.parse(await call(request, work));
      const files = found.flatMap(({ base }) => [`${base}.json`, `${base}.bin`]);
      await mustLieWithin('the runtime', files, [work]);
      return await readTensors(found);
    } finally {
      await Promise.all([rows, work].map((used) => rm(used, { recursive: true, force: true })));
    }
  };
  try {
    await mkdir(given);
    await named(graph, () => writeFile(graph, bytes));
    return { runtime, ...loadedSchema.parse(await call({ action: 'load' }, folder)), run, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function writeTensors(folder: string, tensors: Record<string, Tensor>): Promise<TensorFiles> {
  const groups = new Map<number, [string, Tensor][]>();
  for (const [name, tensor] of Object.entries(tensors)) {
    const { length } = tensor.data;
    const group = groups.get(length) ?? [];
    group.push([name, tensor]);
    groups.set(length, group);
  }
  return Promise.all(
    [...groups].map(async ([rows, group]) => {
      const base = path.join(folder, `feeds-${rows}`);
      // A tensor's type and the class of its data belong together as a column's do.
      const columns = group.map(([name, { type, data }]) => ({ name, type, values: data }) as FrameColumn);
      await writeFrame(base, { rows, columns });
      return { base, shapes: Object.fromEntries(group.map(([name, { shape }]) => [name, shape])) };
    }),
  );
}

async function readTensors(files: TensorFiles): Promise<Record<string, Tensor>> {
  const tensors = new Map<string, Tensor>();
  for (const { base, shapes } of files) {
    const { columns } = await readFrame(base);
    for (const { name, type, values } of columns) {
      const data = Array.isArray(values) ? values.map((text) => text ?? '') : values;
      const shape = Object.hasOwn(shapes, name) ? shapes[name] : undefined;
      tensors.set(name, { type, shape: shape ?? [data.length], data });
    }
  }
  return Object.fromEntries(tensors);
}

/** The pool speaks of converters; undefined for what the graph or the runtime said itself. */
function interpreterLost(thrown: unknown, timeout: number): PredictableError | undefined {
  if (!(thrown instanceof PredictableError)) return undefined;
  if (thrown.code === 'CONVERTER_TIMEOUT') return tookTooLong(timeout);
  if (thrown.code !== 'CONVERTER_CRASHED') return undefined;
  const { exit, log } = thrown.details ?? {};
  return new PredictableError('INFERENCE_FAILED', `the runtime crashed (${exit})`, { details: { log } });
}
