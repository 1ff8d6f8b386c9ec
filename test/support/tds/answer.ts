/** What the callback answers, as the tokens of a response. */

import type { Decoded } from './request.js';
import {
  column,
  columnMetadata,
  Done,
  done,
  error,
  info,
  returnStatus,
  returnValue,
  row,
  type TdsError,
} from './tokens.js';
import type { ColumnType } from './types.js';
import type { TdsValue } from './values.js';

export interface ResultSet {
  columns: { name: string; type: ColumnType; nullable?: boolean }[];
  /** Rows that are read one by one may throw a `TdsFailure` halfway. */
  rows: readonly TdsValue[][] | AsyncIterable<TdsValue[]>;
  /** Errors that follow this set, before the next. */
  errors?: TdsError[];
}

/** Sent in this order: infos, sets, rowsAffected, errors. */
export interface TdsAnswer {
  infos?: TdsError[];
  sets?: ResultSet[];
  /** One count for each statement that gives no rows. */
  rowsAffected?: number[];
  errors?: TdsError[];
  /** Values for the request's output parameters, by name. */
  output?: Record<string, TdsValue>;
  returnStatus?: number;
  /** What the SQL did to the transaction, such as an error that rolled it back. */
  transaction?: 'begin' | 'commit' | 'rollback';
  /** The database that the SQL went over to. */
  database?: string;
}

/** Thrown by the callback, or by rows that are read one by one: an error of the engine. */
export class TdsFailure extends Error {
  constructor(readonly error: TdsError) {
    super(error.message);
  }
}

/** Each part is a whole token, so that an attention may stop the answer after any of them. */
export async function* answerTokens(
  answer: TdsAnswer,
  { request, outputs }: Pick<Decoded, 'request' | 'outputs'>,
  signal: AbortSignal,
): AsyncGenerator<Buffer[]> {
  const isCall = request.kind === 'rpc';
  const kind = isCall ? 'inProcedure' : 'done';
  const { sets = [], rowsAffected = [], errors = [] } = answer;
  let left = sets.length + rowsAffected.length + (errors.length > 0 ? 1 : 0);
  const endStatement = (status: number, count = 0) => {
    left -= 1;
    return done(kind, status | (isCall || left > 0 ? Done.more : 0), count);
  };

  for (const what of answer.infos ?? []) yield [info(what)];
  if (left === 0 && !isCall) yield [done('done', 0)];
  for (const set of sets) {
    const { count, failures } = yield* setTokens(set, signal);
    for (const failure of failures) yield [error(failure)];
    yield [endStatement(failures.length > 0 ? Done.error : Done.count, count)];
  }
  for (const count of rowsAffected) yield [endStatement(Done.count, count)];
  for (const failure of errors) yield [error(failure)];
  if (errors.length > 0) yield [endStatement(Done.error)];
  if (!isCall) return;

  yield [returnStatus(answer.returnStatus ?? 0)];
  for (const { ordinal, name, type, value } of outputs) {
    yield [returnValue(ordinal, name, type, value ?? answer.output?.[name] ?? null)];
  }
  yield [done('procedure', errors.length > 0 ? Done.error : 0)];
}

async function* setTokens(
  { columns, rows, errors = [] }: ResultSet,
  signal: AbortSignal,
): AsyncGenerator<Buffer[], { count: number; failures: TdsError[] }> {
  const described = columns.map(({ name, type, nullable }) => column(name, type, nullable));
  yield [columnMetadata(described)];
  let count = 0;
  try {
    for await (const values of untilAborted(rows, signal)) {
      yield row(described, values);
      count += 1;
    }
  } catch (failure) {
    return { count, failures: [asTdsError(failure), ...errors] };
  }
  return { count, failures: errors };
}

/** An attention does not wait for a row that never comes. */
async function* untilAborted(rows: ResultSet['rows'], signal: AbortSignal): AsyncGenerator<readonly TdsValue[]> {
  if (!(Symbol.asyncIterator in rows)) {
    yield* rows;
    return;
  }
  const stopped = aborted(signal).then(() => ({ done: true, value: undefined }) as const);
  const iterator = rows[Symbol.asyncIterator]();
  for (;;) {
    const next = await Promise.race([iterator.next(), stopped]);
    if (next.done) break;
    yield next.value;
  }
  // Not awaited: a generator that waits for its next row could not return.
  void iterator.return?.();
}

export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** A mistake in a test's callback reaches the driver as an error, where the test will see it. */
export function asTdsError(failure: unknown): TdsError {
  if (failure instanceof TdsFailure) return failure.error;
  return { number: 50_000, message: `the callback of the TDS fixture failed: ${failure}` };
}
