/** Reading and writing the little-endian primitives that TDS is made of. */

export class Reader {
  readonly #bytes: Buffer;
  #offset = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#offset >= this.#bytes.length;
  }

  /** A view, never a copy: a parameter may be 90 MB. */
  take(length: number): Buffer {
    const end = this.#offset + length;
    if (end > this.#bytes.length) throw new Error(`TDS: ${length} bytes wanted, ${this.#left()} left`);
    const part = this.#bytes.subarray(this.#offset, end);
    this.#offset = end;
    return part;
  }

  rest(): Buffer {
    return this.take(this.#left());
  }

  u8(): number {
    return this.take(1).readUInt8();
  }

  u16(): number {
    return this.take(2).readUInt16LE();
  }

  u32(): number {
    return this.take(4).readUInt32LE();
  }

  u64(): bigint {
    return this.take(8).readBigUInt64LE();
  }

  /** B_VARCHAR: a byte counts the UTF-16 units. */
  shortText(): string {
    return this.take(this.u8() * 2).toString('utf16le');
  }

  /** US_VARCHAR: two bytes count the UTF-16 units. */
  text(): string {
    return this.take(this.u16() * 2).toString('utf16le');
  }

  #left(): number {
    return this.#bytes.length - this.#offset;
  }
}

export function u8(value: number): Buffer {
  return Buffer.from([value]);
}

export function u16(value: number): Buffer {
  return unsigned(value, 2);
}

export function u32(value: number): Buffer {
  return unsigned(value, 4);
}

export function unsigned(value: number, size: number): Buffer {
  const bytes = Buffer.alloc(size);
  bytes.writeUIntLE(value, 0, size);
  return bytes;
}

export function i32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}

export function u64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return bytes;
}

export function shortText(text: string): Buffer {
  return Buffer.concat([u8(text.length), Buffer.from(text, 'utf16le')]);
}

export function text(value: string): Buffer {
  return Buffer.concat([u16(value.length), Buffer.from(value, 'utf16le')]);
}
