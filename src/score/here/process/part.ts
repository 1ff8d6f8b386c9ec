/** One part of the rows, from DuckDB through the model into a Parquet file of predictions: all in the calling process. */

import { rm } from 'node:fs/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import { openHere } from '../../../inference/here.js';
import { openSession } from '../../../inference/open.js';
import type { Session, SessionOptions } from '../../../inference/session.js';
import { duckdbType } from '../../../rows/cast.js';
import { text } from '../../../rows/duckdb-text.js';
import type { Signature } from '../../../signature.js';
import type { Tensor } from '../../../tensor.js';
import type { Reading } from '../reading.js';
import { openAppender, type Predicted } from './append.js';
import type { PolicyCounts } from './policy-counts.js';
import { readBatches } from './read-batches.js';
import type { Rows } from './row-batch.js';
import type { NumericArray } from './vectors.js';

export interface Part {
  bytes: Uint8Array;
  signature: Signature;
  session: SessionOptions;
  reading: Reading;
  relation: string;
  /** The Parquet file that is written, with the columns `o0`, `o1` …, one an output. */
  output: string;
}

/** What does not fit goes to disk: predictions wait in a table until the part is complete. In megabytes. */
const MEMORY = 200;
/** Each column of that table needs a block or more while it is written. */
const MEMORY_PER_OUTPUT = 1;
/** Of each column of a Parquet file, a page and its dictionary are in memory, as large as the file's writer made them. */
const MEMORY_PER_INPUT = 1;

/** `onRows`: called after each batch with its rows; it may throw to end the run. */
export async function scorePart(part: Part, onRows: (rows: number) => void): Promise<PolicyCounts> {
  const { signature, reading, relation, output } = part;
  const counts: PolicyCounts = { nulls: {}, unknown: {} };
  // Parallelism comes from the parts: each has one thread for reading and the model, which take turns.
  const memory = MEMORY + MEMORY_PER_OUTPUT * signature.outputs.length + MEMORY_PER_INPUT * signature.inputs.length;
  const instance = await DuckDBInstance.create(':memory:', { memory_limit: `${memory}MB`, threads: '1' });
  const [reader, writer] = [await instance.connect(), await instance.connect()];
  try {
    const overflow = `${output}.overflow`;
    await reader.run(`SET temp_directory = ${text(overflow)}`);
    for (const dictionary of reading.dictionaries) await reader.run(dictionary);
    const columns = signature.outputs.map(({ type }, index) => `o${index} ${duckdbType(type)}`);
    await writer.run(`CREATE TABLE predictions (${columns.join(', ')})`);
    const session = await open(part);
    try {
      const appender = await openAppender(writer, 'predictions', signature.outputs);
      for await (const rows of readBatches(reader, relation, reading, counts)) {
        appender.append(await predict(session, part, rows));
        onRows(rows.rows);
      }
      appender.close();
    } finally {
      await session.close();
    }
    await writer.run(`COPY predictions TO ${text(output)} (FORMAT parquet)`);
    await rm(overflow, { recursive: true, force: true });
  } finally {
    reader.closeSync();
    writer.closeSync();
    instance.closeSync();
  }
  return counts;
}

/** A graph made by this run needs no other process than this; the others get what they always get. */
function open({ bytes, session }: Part): Promise<Session> {
  const { origin, runtime } = session;
  return origin === 'made' && runtime !== '1.5.2' ? openHere(bytes, runtime) : openSession(bytes, session);
}

async function predict(session: Session, { signature }: Part, { rows, columns, voided }: Rows): Promise<Predicted> {
  const feeds = signature.inputs.map(({ name, type }, index): [string, Tensor] => {
    const data = columns[index];
    if (data === undefined) throw new Error(`input ${name} has no column`);
    return [name, { type, shape: [rows, 1], data }];
  });
  const outputs = await session.run(Object.fromEntries(feeds));
  return { rows, voided, columns: signature.outputs.map(({ name }) => numeric(name, outputs[name], rows)) };
}

function numeric(name: string, tensor: Tensor | undefined, rows: number): NumericArray {
  const data = tensor?.data;
  if (data === undefined || Array.isArray(data) || data instanceof Uint8Array || data.length !== rows) {
    throw new Error(`output ${name} is not one number a row: the model is not as its signature says`);
  }
  return data;
}
