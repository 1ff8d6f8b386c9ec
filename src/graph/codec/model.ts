/** ONNX as plain data: what the passes read and change. onnx-proto itself is only seen by the codec. */

/** A number when it is exact as one, a bigint otherwise. */
export type Int64 = number | bigint;

/** Element types of tensors by their number in TensorProto.DataType. */
export const ELEMENT_TYPES = [
  'undefined',
  'float',
  'uint8',
  'int8',
  'uint16',
  'int16',
  'int32',
  'int64',
  'string',
  'bool',
  'float16',
  'double',
  'uint32',
  'uint64',
  'complex64',
  'complex128',
  'bfloat16',
] as const;
export type ElementType = (typeof ELEMENT_TYPES)[number];

/** A message that goes from one file into the other as it was read; the codec alone knows its fields. */
type Carried = object;

export interface Model {
  ir: number;
  /** In the order of the file; a domain may stand there more than once. */
  opsets: OpsetImport[];
  producer: string;
  producerVersion: string;
  domain: string;
  version: Int64;
  doc: string;
  metadata: Map<string, string>;
  graph: Graph;
  /** Model-local functions, kept as they are. */
  functions: (Carried & { name?: string | null; domain?: string | null })[];
  training: Carried[];
}

interface OpsetImport {
  domain: string;
  version: number;
}

export interface Graph {
  name: string;
  doc: string;
  inputs: ValueInfo[];
  outputs: ValueInfo[];
  /** What the file says of tensors in between. */
  values: ValueInfo[];
  initializers: Tensor[];
  sparse: Carried[];
  quantization: Carried[];
  nodes: Node[];
}

/** What it reads and makes is only changed through the draft's index (graph-index.ts), which knows who reads what. */
export interface Node {
  name: string;
  domain: string;
  op: string;
  /** '' stands for an optional input or output that is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  doc: string;
  attributes: Map<string, Attribute>;
}

export type Attribute =
  | { type: 'float'; value: number }
  | { type: 'int'; value: Int64 }
  | { type: 'string'; value: Uint8Array }
  | { type: 'tensor'; value: Tensor }
  | { type: 'graph'; value: Graph }
  | { type: 'floats'; value: number[] }
  | { type: 'ints'; value: Int64[] }
  | { type: 'strings'; value: Uint8Array[] }
  | { type: 'tensors'; value: Tensor[] }
  | { type: 'graphs'; value: Graph[] }
  /** Sparse tensors, types and references to a function's attributes: kept as they are. */
  | { type: 'other'; value: Carried };

/** Values are little-endian bytes in row-major order, whatever field of TensorProto held them. */
export interface Tensor {
  name: string;
  type: ElementType;
  dims: number[];
  doc: string;
  data: Uint8Array;
  /** String tensors only: their values, each as UTF-8. */
  strings: Uint8Array[];
}

export interface ValueInfo {
  name: string;
  type: ValueType;
  doc: string;
}

export type ValueType =
  | { kind: 'tensor'; element: ElementType; shape: Dimension[] | null }
  | { kind: 'sequence' | 'map' | 'optional' | 'sparse' | 'unknown'; proto: Carried | null };

/** A size, a symbol, or null when nothing is said. */
export type Dimension = number | string | null;
