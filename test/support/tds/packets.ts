/** TDS packets (MS-TDS 2.2.3): gathers them into messages, and cuts messages into them, without copying twice. */

import { EventEmitter } from 'node:events';

export const PacketType = {
  batch: 0x01,
  rpc: 0x03,
  answer: 0x04,
  attention: 0x06,
  transaction: 0x0e,
  login: 0x10,
  prelogin: 0x12,
} as const;

const Status = { endOfMessage: 0x01, ignore: 0x02, reset: 0x08, resetKeepingTransaction: 0x10 } as const;
const HEADER = 8;

export interface Message {
  type: number;
  body: Buffer;
  /** The client gave up while sending: carry nothing out, but answer. */
  ignored: boolean;
  reset: boolean;
  resetKeepingTransaction: boolean;
}

/** Emits `message` for each whole message in the bytes that it is fed. */
export class MessageReader extends EventEmitter<{ message: [Message] }> {
  readonly #stop: (bytesOfThisMessage: number) => boolean;
  #header: Buffer[] = [];
  #headerBytes = 0;
  #left = 0;
  #status = 0;
  #first: { type: number; status: number } | null = null;
  #parts: Buffer[] = [];
  #received = 0;

  /** `stop` hears how many bytes of the current message are in, headers included; true ends the reading for good. */
  constructor(stop: (bytesOfThisMessage: number) => boolean = () => false) {
    super();
    this.#stop = stop;
  }

  /** Between two messages. */
  get idle(): boolean {
    return this.#received === 0;
  }

  feed(bytes: Buffer): void {
    let rest = bytes;
    while (rest.length > 0) {
      const inHeader = this.#headerBytes < HEADER;
      const part = rest.subarray(0, inHeader ? HEADER - this.#headerBytes : this.#left);
      rest = rest.subarray(part.length);
      this.#received += part.length;
      if (this.#stop(this.#received)) return;
      if (inHeader) this.#takeHeader(part);
      else this.#takePayload(part);
      if (this.#headerBytes === HEADER && this.#left === 0) this.#endPacket();
    }
  }

  #takeHeader(part: Buffer): void {
    this.#header.push(part);
    this.#headerBytes += part.length;
    if (this.#headerBytes < HEADER) return;
    const header = Buffer.concat(this.#header);
    this.#status = header.readUInt8(1);
    this.#first ??= { type: header.readUInt8(0), status: this.#status };
    this.#left = header.readUInt16BE(2) - HEADER;
    if (this.#left < 0) throw new Error(`TDS: a packet of ${this.#left + HEADER} bytes`);
  }

  #takePayload(part: Buffer): void {
    this.#parts.push(part);
    this.#left -= part.length;
  }

  #endPacket(): void {
    this.#header = [];
    this.#headerBytes = 0;
    if (!(this.#status & Status.endOfMessage)) return;
    const { type, status } = this.#first!;
    const message: Message = {
      type,
      body: Buffer.concat(this.#parts),
      ignored: (this.#status & Status.ignore) !== 0,
      reset: (status & (Status.reset | Status.resetKeepingTransaction)) !== 0,
      resetKeepingTransaction: (status & Status.resetKeepingTransaction) !== 0,
    };
    this.#first = null;
    this.#parts = [];
    this.#received = 0;
    this.emit('message', message);
  }
}

export type Send = (bytes: Buffer) => Promise<void>;

/** Fills packets with what is written, and sends each as soon as it is full and known not to be the last. */
export class MessageWriter {
  readonly #send: Send;
  readonly #type: number;
  readonly #size: number;
  #packet: Buffer;
  #filled = HEADER;
  #id = 0;

  constructor(send: Send, size: number, type: number = PacketType.answer) {
    this.#send = send;
    this.#type = type;
    this.#size = size;
    this.#packet = Buffer.allocUnsafe(size);
  }

  async write(bytes: Buffer): Promise<void> {
    let offset = 0;
    while (offset < bytes.length) {
      if (this.#filled === this.#size) await this.#flush(0);
      const copied = bytes.copy(this.#packet, this.#filled, offset);
      this.#filled += copied;
      offset += copied;
    }
  }

  async end(): Promise<void> {
    await this.#flush(Status.endOfMessage);
  }

  async #flush(status: number): Promise<void> {
    const packet = this.#packet.subarray(0, this.#filled);
    this.#id = (this.#id + 1) % 256;
    packet.writeUInt8(this.#type, 0);
    packet.writeUInt8(status, 1);
    packet.writeUInt16BE(this.#filled, 2);
    packet.writeUInt16BE(0, 4);
    packet.writeUInt8(this.#id, 6);
    packet.writeUInt8(0, 7);
    // The socket may hold on to the bytes that it was given, so each packet has its own.
    this.#packet = Buffer.allocUnsafe(this.#size);
    this.#filled = HEADER;
    await this.#send(packet);
  }
}
