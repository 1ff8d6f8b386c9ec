/** Carries a request out: what the fixture knows itself, transactions and prepared statements, and the callback's answer. */

import { aborted, asTdsError, type TdsAnswer } from './answer.js';
import type { ServerState } from './options.js';
import type { Decoded, TdsRequest } from './request.js';
import { plain } from './requests.js';
import type { SessionState } from './session.js';
import { environment, type TdsError } from './tokens.js';

export interface CarriedOut {
  answer: TdsAnswer;
  /** Tokens that tell the driver what changed. */
  changes: Buffer[];
}

type Answering = ServerState['options']['answer'];

/**
 * What drivers ask by themselves: tedious's options after a login or a reset, and mssql's question to a connection
 * that it takes out of its pool. Neither recorded nor called back for, so that tests see what the code under test asks.
 */
export function isDriversOwn({ kind, text, procedure }: TdsRequest): boolean {
  if (kind === 'batch') return text.startsWith('set ansi_nulls ');
  return procedure === 'sp_executesql' && text === 'SELECT 1;';
}

export async function carryOut(
  decoded: Decoded,
  session: SessionState,
  answering: Answering,
  signal: AbortSignal,
): Promise<CarriedOut> {
  const refused = decoded.refused ?? outOfTransaction(decoded, session);
  if (refused !== null) return { answer: { errors: [refused] }, changes: [] };
  if (decoded.own || isDriversOwn(decoded.request)) return { answer: {}, changes: [] };
  const answer = await ask(answering, decoded.request, session, signal);
  return { answer, changes: applied(answer, decoded.request, session) };
}

/** The engine's own rollback, which the callback hears of as one that nobody asked for. */
export async function rollBack(session: SessionState, answering: Answering, signal: AbortSignal): Promise<Buffer[]> {
  if (!session.inTransaction) return [];
  await ask(answering, plain('rollback', ''), session, signal);
  return [session.rollback()];
}

export async function reset(session: SessionState, answering: Answering, keepTransaction: boolean): Promise<Buffer[]> {
  session.prepared.clear();
  const changes = keepTransaction ? [] : await rollBack(session, answering, session.signal);
  return [...changes, environment.reset()];
}

/** As the engine refuses them, with its numbers. */
function outOfTransaction({ request, transaction }: Decoded, session: SessionState): TdsError | null {
  const { inTransaction } = session;
  if (!transaction.equals(session.transaction)) {
    const message = 'New request is not allowed to start because it should come with valid transaction descriptor.';
    return { number: 3989, message };
  }
  if (request.kind === 'commit' && !inTransaction) {
    return { number: 3902, message: 'The COMMIT TRANSACTION request has no corresponding BEGIN TRANSACTION.' };
  }
  if (request.kind === 'rollback' && !inTransaction) {
    return { number: 3903, message: 'The ROLLBACK TRANSACTION request has no corresponding BEGIN TRANSACTION.' };
  }
  return null;
}

/** An attention does not wait for the callback. */
async function ask(
  answering: Answering,
  request: TdsRequest,
  session: SessionState,
  signal: AbortSignal,
): Promise<TdsAnswer> {
  try {
    return await Promise.race([answering(request, session), aborted(signal).then(() => ({}))]);
  } catch (failure) {
    return { errors: [asTdsError(failure)] };
  }
}

function applied(answer: TdsAnswer, { kind }: TdsRequest, session: SessionState): Buffer[] {
  const changes: Buffer[] = [];
  const asked = kind === 'batch' || kind === 'rpc' || answer.errors?.length ? undefined : kind;
  const transaction = answer.transaction ?? asked;
  if (transaction === 'begin' && !session.inTransaction) changes.push(session.begin());
  if (transaction === 'commit' && session.inTransaction) changes.push(session.commit());
  if (transaction === 'rollback' && session.inTransaction) changes.push(session.rollback());
  if (answer.database !== undefined) changes.push(session.use(answer.database));
  return changes;
}
