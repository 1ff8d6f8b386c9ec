/** TLS as TDS 7 has it: the handshake travels inside PRELOGIN messages, and what follows it travels bare. */

import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { MessageReader, MessageWriter, PacketType } from './packets.js';

export interface Certificate {
  key: string;
  cert: string;
}

export interface Tunnel {
  secure: TLSSocket;
  /** Takes what came from the network. */
  receive(bytes: Buffer): void;
}

export function openTunnel(socket: Socket, certificate: Certificate): Tunnel {
  const envelope = new Envelope(socket);
  return {
    secure: new TLSSocket(envelope, { isServer: true, ...certificate }),
    receive: (bytes) => envelope.receive(bytes),
  };
}

class Envelope extends Duplex {
  readonly #socket: Socket;
  readonly #reader = new MessageReader();
  #handshaking = true;
  #flight: Buffer[] = [];

  constructor(socket: Socket) {
    super();
    this.#socket = socket;
    this.#reader.on('message', ({ body }) => this.push(body));
    socket.once('close', () => this.destroy());
  }

  /** The first bytes that are no PRELOGIN message tell that the client has finished the handshake. */
  receive(bytes: Buffer): void {
    if (this.#handshaking && this.#reader.idle && bytes[0] !== PacketType.prelogin) this.#handshaking = false;
    if (this.#handshaking) this.#reader.feed(bytes);
    else if (!this.push(bytes)) this.#socket.pause();
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(bytes: Buffer, _encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    if (!this.#handshaking) {
      this.#socket.write(bytes, callback);
      return;
    }
    // The driver reads one message for each that it sends, so a flight of several records must be one message.
    if (this.#flight.length === 0) setImmediate(() => this.#sendFlight());
    this.#flight.push(bytes);
    callback();
  }

  async #sendFlight(): Promise<void> {
    const writer = new MessageWriter(async (bytes) => void this.#socket.write(bytes), 4096, PacketType.prelogin);
    const flight = Buffer.concat(this.#flight);
    this.#flight = [];
    await writer.write(flight);
    await writer.end();
  }
}
