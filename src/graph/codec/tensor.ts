/** Tensors between onnx-proto's several value fields and plain little-endian bytes. */

import type { onnx } from 'onnx-proto';
import type { ElementType, Tensor } from './model.js';
import { ELEMENT_TYPES } from './model.js';

export function decodeTensor(proto: onnx.ITensorProto): Tensor {
  const type = ELEMENT_TYPES[proto.dataType ?? 0] ?? 'undefined';
  return {
    name: proto.name ?? '',
    type,
    dims: (proto.dims ?? []).map(Number),
    doc: proto.docString ?? '',
    data: type === 'string' ? new Uint8Array() : tensorBytes(proto, type),
    strings: type === 'string' ? (proto.stringData ?? []) : [],
  };
}

export function encodeTensor(tensor: Tensor): onnx.ITensorProto {
  return {
    dims: tensor.dims,
    dataType: ELEMENT_TYPES.indexOf(tensor.type),
    ...(tensor.type === 'string' ? { stringData: tensor.strings } : {}),
    name: tensor.name,
    ...(tensor.doc === '' ? {} : { docString: tensor.doc }),
    ...(tensor.type === 'string' ? {} : { rawData: tensor.data }),
  };
}

function tensorBytes(proto: onnx.ITensorProto, type: ElementType): Uint8Array {
  if (proto.rawData && proto.rawData.length > 0) return proto.rawData;
  switch (type) {
    case 'float':
    case 'complex64':
      return viewOf(Float32Array.from(proto.floatData ?? []));
    case 'double':
    case 'complex128':
      return viewOf(Float64Array.from(proto.doubleData ?? []));
    case 'int64':
      return viewOf(BigInt64Array.from(bigints(proto.int64Data)));
    case 'uint64':
      return viewOf(BigUint64Array.from(bigints(proto.uint64Data)));
    case 'uint32':
      return viewOf(Uint32Array.from((proto.uint64Data ?? []).map(Number)));
    case 'int32':
      return viewOf(Int32Array.from(proto.int32Data ?? []));
    case 'int16':
    case 'uint16':
    case 'float16':
    case 'bfloat16':
      return viewOf(Uint16Array.from(proto.int32Data ?? []));
    case 'bool':
    case 'int8':
    case 'uint8':
      return viewOf(Uint8Array.from(proto.int32Data ?? []));
    default:
      return new Uint8Array();
  }
}

function bigints(values: unknown): bigint[] {
  return ((values ?? []) as (number | bigint)[]).map(BigInt);
}

function viewOf(values: ArrayBufferView): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
