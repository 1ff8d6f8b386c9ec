/** The bytes of one connection: the socket, TLS over it once agreed, and messages out of them. */

import { on, once } from 'node:events';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import type { ConnectFault } from './faults.js';
import { type Message, MessageReader, PacketType } from './packets.js';
import { type Certificate, openTunnel, type Tunnel } from './tls.js';

/**
 * A client in the same process reads only when the event loop turns, and the kernel takes megabytes before a write
 * has to wait: without a turn now and then, it would hear of the first row when all are sent.
 */
const TURN = 65_536;

/** Ends a conversation whose connection is gone; nobody's mistake. */
export class Disconnected extends Error {}

export interface WireOptions {
  connectFault: ConnectFault | null;
  /** Whether a message that has grown to this many bytes is to be cut. */
  cutsMessage: (bytes: number) => boolean;
  onAttention: () => void;
}

export class Wire {
  readonly #socket: Socket;
  readonly #options: WireOptions;
  readonly #ended = new AbortController();
  readonly #reader: MessageReader;
  readonly #messages: AsyncIterator<[Message]>;
  /** What carries packets: the socket, or TLS over it. */
  #stream: Duplex;
  #tunnel: Tunnel | null = null;
  #received = 0;
  /** Since the event loop last had its turn. */
  #sent = 0;
  #failure: unknown = null;

  constructor(socket: Socket, options: WireOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#stream = socket;
    this.#reader = new MessageReader((bytes) => this.#isCutAt(bytes));
    this.#reader.on('message', ({ type }) => type === PacketType.attention && options.onAttention());
    this.#messages = on(this.#reader, 'message', { signal: this.ended }) as AsyncIterator<[Message]>;
    socket.on('data', (bytes) => this.#receive(bytes));
    socket.on('error', () => this.#ended.abort());
    socket.once('close', () => this.#ended.abort());
    if (options.connectFault?.do === 'drop' && options.connectFault.afterBytesReceived === undefined) this.drop();
  }

  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  async next(): Promise<Message> {
    try {
      const { value } = await this.#messages.next();
      // What was read before the connection was cut is not to be carried out after it.
      if (!this.ended.aborted) return value[0];
    } catch (failure) {
      if (!this.ended.aborted) throw failure;
    }
    throw this.#failure ?? new Disconnected();
  }

  /** Takes up TLS: the next bytes are its handshake. */
  secure(certificate: Certificate): void {
    this.#tunnel = openTunnel(this.#socket, certificate);
    this.#stream = this.#tunnel.secure;
    this.#stream.on('data', (bytes) => this.#feed(bytes));
    this.#stream.on('error', () => this.#socket.destroy());
  }

  /** Waits for the client to keep up. */
  readonly send = async (bytes: Buffer): Promise<void> => {
    if (this.ended.aborted) throw new Disconnected();
    this.#sent += bytes.length;
    if (!this.#stream.write(bytes)) await this.#drained();
    else if (this.#sent >= TURN) await setImmediate();
    if (this.#sent >= TURN) this.#sent = 0;
  };

  /** Resets the connection; what it may still have to send behind a `finish` goes out all the same. */
  drop(): void {
    if (this.ended.aborted) return;
    this.#ended.abort();
    this.#socket.resetAndDestroy();
  }

  /** Ends the connection behind what was sent, so that the client reads all of it. */
  readonly finish = async (): Promise<never> => {
    await new Promise((written) => this.#stream.write(Buffer.alloc(0), written));
    this.#ended.abort();
    this.#socket.destroySoon();
    throw new Disconnected();
  };

  async #drained(): Promise<void> {
    await once(this.#stream, 'drain', { signal: this.ended }).catch(() => {
      throw new Disconnected();
    });
  }

  #receive(bytes: Buffer): void {
    const fault = this.#options.connectFault;
    this.#received += bytes.length;
    if (fault?.do === 'stall') return;
    if (fault?.do === 'drop' && this.#received >= fault.afterBytesReceived!) this.drop();
    else if (this.#tunnel === null) this.#feed(bytes);
    else this.#tunnel.receive(bytes);
  }

  #feed(bytes: Buffer): void {
    if (this.ended.aborted) return;
    try {
      this.#reader.feed(bytes);
    } catch (failure) {
      this.#failure = failure;
      this.drop();
    }
  }

  #isCutAt(bytes: number): boolean {
    if (!this.#options.cutsMessage(bytes)) return false;
    this.drop();
    return true;
  }
}
