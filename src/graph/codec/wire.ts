/** A walk over a model's protobuf bytes before they are decoded: refuses what the codec would lose, or choke on. */

import { PredictableError } from '../../errors.js';
import { ELEMENT_TYPES } from './model.js';
import { describeField, type FieldKind, fieldOf, type MessageName } from './wire-schema.js';

/** A protobuf message ends at 2 GiB. */
const MAX_MODEL_BYTES = 2 ** 31 - 1;

/** Messages within messages; each nested graph is four deep. The decoder has no limit of its own and would overflow the stack. */
const MAX_DEPTH = 100;

const GRAPH_FIELD = 7;
const OPSET_IMPORT_FIELD = 8;
const EXTERNAL = 1;
const DATA_TYPE_FIELD = 2;
const DATA_LOCATION_FIELD = 14;
const TENSOR_NAME_FIELD = 8;

/**
 * Throws CORRUPT_MODEL for what is not a whole ONNX model, UNSUPPORTED_MODEL for nesting, external data and fields that
 * onnx-proto does not know, MODEL_TOO_LARGE from 2 GiB on. Message, tensor and field are named.
 */
export function checkWire(bytes: Uint8Array): void {
  if (bytes.length === 0) throw corrupt('the file is empty (0 bytes)');
  if (bytes.length > MAX_MODEL_BYTES) {
    throw new PredictableError('MODEL_TOO_LARGE', `the model has ${bytes.length} bytes; ONNX files end at 2 GiB`, {
      hint: 'Make the model smaller: fewer or shallower trees, or a smaller network.',
    });
  }
  if (looksLikeText(bytes)) throw corrupt('this is a text file, not an ONNX model');
  const walk = new WireWalk(bytes);
  const fields = walk.message('ModelProto', bytes.length, 0);
  if (!fields.has(GRAPH_FIELD)) throw corrupt('the file holds no graph, so it is not an ONNX model');
  // Since IR 3 of 2017 every model has one; a file that was cut off behind its graph has none.
  if (!fields.has(OPSET_IMPORT_FIELD)) throw corrupt('the file does not say which opset it needs: its end is missing');
}

/** State: where the walk stands. */
class WireWalk {
  private position = 0;

  constructor(private readonly bytes: Uint8Array) {}

  /** Walks one message up to `end` and returns the numbers of the fields in it. */
  message(name: MessageName, end: number, depth: number): Set<number> {
    if (depth > MAX_DEPTH) throw tooDeep();
    const start = this.position;
    const seen = new Set<number>();
    let last = -1;
    while (this.position < end) {
      const tag = this.varint(end);
      const number = Math.floor(tag / 8);
      const field = fieldOf(name, number);
      if (field === undefined) throw this.unknownField(name, number, start, end);
      if (number !== last) seen.add(number);
      last = number;
      if (name === 'TensorProto' && (number === DATA_TYPE_FIELD || number === DATA_LOCATION_FIELD)) {
        this.tensorField(number, start, end);
      } else this.value(name, number, field.kind, tag % 8, end, depth);
    }
    return seen;
  }

  private value(
    name: MessageName,
    number: number,
    kind: FieldKind,
    wireType: number,
    end: number,
    depth: number,
  ): void {
    if (wireType === 2) {
      const length = this.varint(end);
      const stop = this.position + length;
      if (stop > end) throw corrupt(`the file ends in the middle of ${describeField(name, number)}`);
      if (kind === 'varint' || kind === 'fixed32') throw mistyped(name, number);
      if (typeof kind === 'object') this.message(kind.message, stop, depth + 1);
      this.position = stop;
      return;
    }
    if (wireType === 0 && (kind === 'varint' || kind === 'varints')) this.skipVarint(end);
    else if (wireType === 5 && (kind === 'fixed32' || kind === 'fixed32s')) this.skip(4, end);
    else if (wireType === 1 && kind === 'fixed64s') this.skip(8, end);
    else throw mistyped(name, number);
  }

  private tensorField(number: number, start: number, end: number): void {
    const value = this.varint(end);
    if (number === DATA_LOCATION_FIELD && value === EXTERNAL) {
      throw new PredictableError(
        'UNSUPPORTED_MODEL',
        `the values of tensor "${this.tensorName(start, end)}" lie outside the model, in a file of their own (external data)`,
        { hint: 'Save the model with its weights inside one file: onnx.save(onnx.load(path), out).' },
      );
    }
    if (number === DATA_TYPE_FIELD && value >= ELEMENT_TYPES.length) {
      throw new PredictableError(
        'UNSUPPORTED_TYPE',
        `tensor "${this.tensorName(start, end)}" has element type ${value}, which came after ONNX 1.10`,
        { hint: 'Export the model with float32 weights.' },
      );
    }
  }

  /** The fields of a tensor come in any order, so its name is looked for when it is needed. */
  private tensorName(start: number, end: number): string {
    const walk = new WireWalk(this.bytes);
    walk.position = start;
    while (walk.position < end) {
      const tag = walk.varint(end);
      if (tag % 8 === 2) {
        const length = walk.varint(end);
        if (Math.floor(tag / 8) === TENSOR_NAME_FIELD) {
          return new TextDecoder().decode(this.bytes.subarray(walk.position, walk.position + length));
        }
        walk.position += length;
      } else if (tag % 8 === 0) walk.skipVarint(end);
      else walk.position += tag % 8 === 5 ? 4 : 8;
    }
    return '';
  }

  private unknownField(name: MessageName, number: number, start: number, end: number): PredictableError {
    if (name === 'ModelProto' && start === 0 && this.position < 8) {
      return corrupt('the file does not begin like an ONNX model');
    }
    const field = describeField(name, number);
    const where = name === 'TensorProto' ? ` in tensor "${this.tensorName(start, end)}"` : '';
    return new PredictableError(
      'UNSUPPORTED_MODEL',
      `the model has a field that is newer than ONNX 1.10 and would be lost: ${field}${where}`,
      { hint: 'Export it with opset 17 and IR version 8.', details: { message: name, field: number } },
    );
  }

  /** Up to 2^53; longer ones lose low bits, which no length or tag needs. */
  private varint(end: number): number {
    let value = 0;
    let factor = 1;
    for (let count = 0; count < 10; count += 1) {
      if (this.position >= end) throw corrupt('the file ends in the middle of a number');
      const byte = this.bytes[this.position++] ?? 0;
      value += (byte & 127) * factor;
      if (byte < 128) return value;
      factor *= 128;
    }
    throw corrupt(`there is no valid number at byte ${this.position}`);
  }

  private skipVarint(end: number): void {
    for (let count = 0; count < 10; count += 1) {
      if (this.position >= end) throw corrupt('the file ends in the middle of a number');
      if ((this.bytes[this.position++] ?? 0) < 128) return;
    }
    throw corrupt(`there is no valid number at byte ${this.position}`);
  }

  private skip(width: number, end: number): void {
    this.position += width;
    if (this.position > end) throw corrupt('the file ends in the middle of a number');
  }
}

/** A model starts with the tag of its IR version, a control character; text does not hold any but tabs and line ends. */
function looksLikeText(bytes: Uint8Array): boolean {
  return (
    bytes.subarray(0, 512).every((byte) => byte >= 32 || byte === 9 || byte === 10 || byte === 13) && bytes[0] !== 10
  );
}

function corrupt(message: string): PredictableError {
  return new PredictableError('CORRUPT_MODEL', message, {
    hint: 'Check that the file was copied whole and is an .onnx file, or export it again.',
  });
}

function mistyped(name: MessageName, number: number): PredictableError {
  return corrupt(`${describeField(name, number)} is not written as ONNX defines it.`);
}

function tooDeep(): PredictableError {
  return new PredictableError('UNSUPPORTED_MODEL', `the model nests graphs more than ${MAX_DEPTH} messages deep`, {
    hint: 'Export it without nested control flow (If, Loop, Scan within each other).',
  });
}
