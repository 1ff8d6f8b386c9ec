/**
 * onnx-proto's reader and writer made fit for big models: attribute arrays of a tree ensemble hold millions of values, and
 * protobufjs boxes each int64 as a Long when read and links each value into a list when written.
 */

import { protobuf } from '../../bundled/protobuf.js';

const { Reader, Writer } = protobuf;

/** Strings of tree nodes ("BRANCH_LEQ", "LEAF") repeat a million times: one view serves all equal ones up to this size. */
const INTERNED_BYTES = 16;
const INTERN_SLOTS = 64;

export class ModelReader extends Reader {
  private readonly interned: (Uint8Array | undefined)[] = new Array(INTERN_SLOTS).fill(undefined);
  private readonly view: DataView;

  constructor(bytes: Uint8Array) {
    super(bytes);
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  override float(): number {
    const value = this.view.getFloat32(this.pos, true);
    this.pos += 4;
    return value;
  }

  /** A number when exact, a bigint otherwise; protobufjs types it as Long, which never appears here. */
  override int64(): never {
    const first = this.buf[this.pos] ?? 255;
    if (first < 128) {
      this.pos += 1;
      return first as never;
    }
    return this.varint(true) as never;
  }

  override uint64(): never {
    return this.varint(false) as never;
  }

  override bytes(): Uint8Array {
    const length = this.uint32();
    const start = this.pos;
    const end = start + length;
    if (end > this.len) throw new RangeError(`index out of range: ${start} + ${length} > ${this.len}`);
    this.pos = end;
    if (length === 0 || length > INTERNED_BYTES) return this.buf.subarray(start, end);
    const slot = (length * 7 + (this.buf[start] ?? 0) + (this.buf[end - 1] ?? 0) * 3) % INTERN_SLOTS;
    const known = this.interned[slot];
    if (known !== undefined && this.matches(known, start, length)) return known;
    const view = this.buf.subarray(start, end);
    this.interned[slot] = view;
    return view;
  }

  private matches(known: Uint8Array, start: number, length: number): boolean {
    if (known.length !== length) return false;
    for (let index = 0; index < length; index += 1) if (known[index] !== this.buf[start + index]) return false;
    return true;
  }

  private varint(signed: boolean): number | bigint {
    const { buf } = this;
    let { pos } = this;
    let byte = 128;
    let low = 0;
    let shift = 0;
    // 28 bits fit a small integer: nearly every index and label ends here.
    while (byte >= 128 && shift < 28) {
      if (pos >= this.len) throw new RangeError(`index out of range: ${pos} >= ${this.len}`);
      byte = buf[pos++] ?? 0;
      low |= (byte & 127) << shift;
      shift += 7;
    }
    if (byte < 128) {
      this.pos = pos;
      return low;
    }
    let value = BigInt(low);
    while (byte >= 128 && shift < 70) {
      if (pos >= this.len) throw new RangeError(`index out of range: ${pos} >= ${this.len}`);
      byte = buf[pos++] ?? 0;
      value |= BigInt(byte & 127) << BigInt(shift);
      shift += 7;
    }
    this.pos = pos;
    const exact = signed ? BigInt.asIntN(64, value) : BigInt.asUintN(64, value);
    const number = Number(exact);
    return Number.isSafeInteger(number) ? number : exact;
  }
}

/** Writes straight into one growing buffer; a nested message is moved by the length of its length once it is known. */
export class ModelWriter extends Writer {
  private buffer: Uint8Array;
  private view: DataView;
  private position = 0;
  private readonly starts: number[] = [];

  constructor(capacity: number) {
    super();
    this.buffer = new Uint8Array(Math.max(capacity, 1024));
    this.view = new DataView(this.buffer.buffer);
  }

  override uint32(value: number): this {
    this.reserve(5);
    this.position = writeVarint32(this.buffer, this.position, value >>> 0);
    return this;
  }

  override int32(value: number): this {
    return value < 0 ? this.int64(value as never) : this.uint32(value);
  }

  override int64(value: unknown): this {
    this.reserve(10);
    if (typeof value === 'number' && value >= 0 && value <= 0xffffffff) {
      this.position = writeVarint32(this.buffer, this.position, value >>> 0);
      return this;
    }
    let rest = BigInt.asUintN(64, BigInt(value as number | bigint));
    while (rest > 127n) {
      this.buffer[this.position++] = Number(rest & 127n) | 128;
      rest >>= 7n;
    }
    this.buffer[this.position++] = Number(rest);
    return this;
  }

  override uint64(value: unknown): this {
    return this.int64(value);
  }

  override bool(value: boolean): this {
    return this.uint32(value ? 1 : 0);
  }

  override float(value: number): this {
    this.reserve(4);
    this.view.setFloat32(this.position, value, true);
    this.position += 4;
    return this;
  }

  override double(value: number): this {
    this.reserve(8);
    this.view.setFloat64(this.position, value, true);
    this.position += 8;
    return this;
  }

  override bytes(value: Uint8Array | string): this {
    const bytes = typeof value === 'string' ? Buffer.from(value, 'base64') : value;
    const { length } = bytes;
    this.uint32(length);
    this.reserve(length);
    // A loop beats the call to set() for the short strings of tree nodes.
    if (length > INTERNED_BYTES) this.buffer.set(bytes, this.position);
    else for (let index = 0; index < length; index += 1) this.buffer[this.position + index] = bytes[index] ?? 0;
    this.position += length;
    return this;
  }

  override string(value: string): this {
    return this.bytes(Buffer.from(value, 'utf8'));
  }

  override fork(): this {
    this.starts.push(this.position);
    return this;
  }

  override ldelim(): this {
    const start = this.starts.pop() ?? 0;
    const length = this.position - start;
    const width = length < 2 ** 7 ? 1 : length < 2 ** 14 ? 2 : length < 2 ** 21 ? 3 : length < 2 ** 28 ? 4 : 5;
    this.reserve(width);
    this.buffer.copyWithin(start + width, start, this.position);
    writeVarint32(this.buffer, start, length);
    this.position += width;
    return this;
  }

  override finish(): Uint8Array {
    return this.buffer.subarray(0, this.position);
  }

  private reserve(bytes: number): void {
    if (this.position + bytes <= this.buffer.length) return;
    const grown = new Uint8Array(Math.max(this.buffer.length * 2, this.position + bytes));
    grown.set(this.buffer.subarray(0, this.position));
    this.buffer = grown;
    this.view = new DataView(grown.buffer);
  }
}

function writeVarint32(buffer: Uint8Array, start: number, value: number): number {
  let position = start;
  let rest = value;
  while (rest > 127) {
    buffer[position++] = (rest & 127) | 128;
    rest >>>= 7;
  }
  buffer[position++] = rest;
  return position;
}
