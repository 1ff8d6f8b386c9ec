/** One connection's conversation: PRELOGIN, TLS, LOGIN7, then requests one after another until it ends. */

import type { Socket } from 'node:net';
import { aborted, answerTokens, type TdsAnswer } from './answer.js';
import { type CarriedOut, carryOut, isDriversOwn, reset, rollBack } from './carry-out.js';
import { cutting, type Effect, trickling } from './faults.js';
import { decodeLogin } from './login.js';
import type { ServerState } from './options.js';
import { type Message, MessageWriter, PacketType, type Send } from './packets.js';
import { answerPrelogin } from './prelogin.js';
import type { Decoded } from './request.js';
import { decodeRequest, plain } from './requests.js';
import { SessionState } from './session.js';
import { Done, done, environment, federationAck, loginAck, type TdsError } from './tokens.js';
import { Disconnected, Wire } from './wire.js';

const DEFAULT_PACKET = 4_096;
const LARGEST_PACKET = 32_767;
const SQL_SERVER_2022 = { name: 'Microsoft SQL Server', version: [16, 0, 1000] as [number, number, number] };
/** Errors from this severity on end the connection. */
const FATAL = 20;

export class Connection {
  readonly #id: number;
  readonly #server: ServerState;
  readonly #wire: Wire;
  #packetSize = DEFAULT_PACKET;
  /** Aborted by an attention to the request under way, and by the end of the connection. */
  #running = new AbortController();
  /** Received and not yet acknowledged: one may come in together with the request that it is about. */
  #attentions = 0;

  constructor(id: number, socket: Socket, server: ServerState) {
    this.#id = id;
    this.#server = server;
    this.#wire = new Wire(socket, {
      connectFault: server.faults.atConnect(),
      cutsMessage: (bytes) => server.faults.cutsMessage(bytes),
      onAttention: () => {
        this.#attentions += 1;
        this.#running.abort();
      },
    });
    this.#wire.ended.addEventListener('abort', () => this.#running.abort(), { once: true });
  }

  drop(): void {
    this.#wire.drop();
  }

  /** Returns when the connection is over, whoever ended it. */
  async serve(): Promise<void> {
    let session: SessionState | null = null;
    try {
      session = await this.#open();
      for (;;) await this.#take(await this.#wire.next(), session);
    } catch (failure) {
      if (!(failure instanceof Disconnected)) throw failure;
    } finally {
      this.#wire.drop();
      if (session !== null) this.#server.options.onDisconnect?.(session);
    }
  }

  async #open(): Promise<SessionState> {
    const { tls, certificate, product = SQL_SERVER_2022 } = this.#server.options;
    await this.#wire.next();
    await answerPrelogin(this.#wire.send, tls === 'on', product.version);
    if (tls === 'on') this.#wire.secure(certificate!);
    return this.#logIn(await this.#wire.next());
  }

  async #logIn({ body }: Message): Promise<SessionState> {
    const { options, logins, faults } = this.#server;
    const login = decodeLogin(body, options.tls === 'on');
    const session = new SessionState(this.#id, login, this.#wire.ended);
    const packetSize = Math.min(Math.max(login.packetSize, 512), LARGEST_PACKET);
    logins.push(login);
    const { name, version } = options.product ?? SQL_SERVER_2022;
    const effect = faults.atLogin();
    let refusal: TdsError | null = null;
    await this.#respond({ request: plain('batch', ''), outputs: [] }, effect, async () => {
      refusal = effect?.do === 'error' ? effect.error : (options.login?.(login) ?? null);
      if (refusal !== null) return { answer: { errors: [refusal] }, changes: [] };
      const changes = [
        environment.database(session.database, 'master'),
        environment.collation(),
        loginAck(name, version),
        environment.packetSize(packetSize, DEFAULT_PACKET),
      ];
      if (login.token !== null) changes.push(federationAck());
      return { answer: {}, changes };
    });
    if (refusal !== null) await this.#wire.finish();
    this.#packetSize = packetSize;
    return session;
  }

  async #take(message: Message, session: SessionState): Promise<void> {
    const { faults, options, requests } = this.#server;
    if (message.type === PacketType.attention) {
      this.#attentions -= 1;
      return this.#reply([done('done', Done.attention)]);
    }
    this.#running = new AbortController();
    if (this.#attentions > 0) this.#running.abort();
    if (message.ignored) return this.#reply([done('done', Done.error)]);
    const changes = message.reset ? await reset(session, options.answer, message.resetKeepingTransaction) : [];
    const decoded = decode(message, session);
    const isOwn = isDriversOwn(decoded.request);
    if (!isOwn) requests.push(decoded.request);
    const effect = isOwn ? null : faults.atRequest(decoded.request);
    await this.#respond(decoded, effect, async (signal) => {
      if (effect?.do !== 'error') {
        const carried = await carryOut(decoded, session, options.answer, signal);
        return { ...carried, changes: [...changes, ...carried.changes] };
      }
      const dropped = effect.dropTransaction ? await rollBack(session, options.answer, signal) : [];
      return { answer: { errors: [effect.error] }, changes: [...changes, ...dropped] };
    });
  }

  /** Does the work and sends its outcome, unless a fault has it otherwise. */
  async #respond(
    decoded: Pick<Decoded, 'request' | 'outputs'>,
    effect: Effect | null,
    work: (signal: AbortSignal) => Promise<CarriedOut>,
  ): Promise<void> {
    const { signal } = this.#running;
    if (effect?.do === 'stall') {
      await aborted(signal);
      return this.#reply([done('done', 0)]);
    }
    const afterCallback = effect?.do === 'drop' && 'after' in effect && effect.after === 'answer-callback';
    const cutAt = effect?.do === 'drop' && 'afterBytesSent' in effect ? effect.afterBytesSent : null;
    if (effect?.do === 'drop' && cutAt === null && !afterCallback) throw new Disconnected();
    const { answer, changes } = await work(signal);
    if (afterCallback) throw new Disconnected();

    await this.#reply(tokens(answer, changes, decoded, signal), this.#sending(effect, cutAt, signal));
    if (answer.errors?.some((error) => (error.class ?? 0) >= FATAL)) await this.#wire.finish();
  }

  #sending(effect: Effect | null, cutAt: number | null, signal: AbortSignal): Send {
    const { send, finish } = this.#wire;
    if (cutAt !== null) return cutting(send, cutAt, finish);
    if (effect?.do === 'trickle') return trickling(send, effect.bytes, effect.everyMilliseconds, signal);
    return send;
  }

  async #reply(parts: Iterable<Buffer> | AsyncIterable<Buffer>, send: Send = this.#wire.send): Promise<void> {
    const writer = new MessageWriter(send, this.#packetSize);
    for await (const part of parts) await writer.write(part);
    await writer.end();
  }
}

/** A message that the fixture does not read is answered with an error, where the test will see it. */
function decode(message: Message, session: SessionState): Decoded {
  try {
    return decodeRequest(message, session);
  } catch (failure) {
    const refused = { number: 50_000, message: String(failure) };
    return { request: plain('batch', ''), outputs: [], transaction: session.transaction, refused };
  }
}

/** An attention stops them after a whole token; the client then waits for the message to end before it reads on. */
async function* tokens(
  answer: TdsAnswer,
  changes: Buffer[],
  decoded: Pick<Decoded, 'request' | 'outputs'>,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  yield* changes;
  for await (const token of answerTokens(answer, decoded, signal)) {
    yield* token;
    if (signal.aborted) {
      yield done('done', 0);
      return;
    }
  }
}
