/** The one typed edge to onnx-proto: bytes to clean types and back. Run checkWire on foreign bytes first. */

import type { onnx } from 'onnx-proto';
import { proto } from '../../bundled/protobuf.js';
import { PredictableError } from '../../errors.js';
import type { Attribute, Graph, Int64, Model, Node, ValueInfo, ValueType } from './model.js';
import { ELEMENT_TYPES } from './model.js';
import { ModelReader, ModelWriter } from './stream.js';
import { decodeTensor, encodeTensor } from './tensor.js';

const { ModelProto } = proto.onnx;
const { AttributeType } = proto.onnx.AttributeProto;

/** Big tensors are views on `bytes`. Throws CORRUPT_MODEL when the bytes are not a whole model. */
export function decodeModel(bytes: Uint8Array): Model {
  const message = readProto(bytes);
  if (!message.graph)
    throw new PredictableError('CORRUPT_MODEL', 'The model has no graph.', { hint: 'Export it again.' });
  return {
    ir: Number(int64(message.irVersion)),
    opsets: message.opsetImport.map(({ domain, version }) => ({
      domain: domain ?? '',
      version: Number(int64(version)),
    })),
    producer: message.producerName,
    producerVersion: message.producerVersion,
    domain: message.domain,
    version: int64(message.modelVersion),
    doc: message.docString,
    metadata: new Map(message.metadataProps.map(({ key, value }) => [key ?? '', value ?? ''])),
    graph: decodeGraph(message.graph),
    functions: message.functions,
    training: message.trainingInfo,
  };
}

/** The same model always gives the same bytes. */
export function encodeModel(model: Model): Uint8Array {
  const message: onnx.IModelProto = {
    irVersion: wire(model.ir),
    producerName: model.producer,
    producerVersion: model.producerVersion,
    domain: model.domain,
    modelVersion: wire(model.version),
    ...(model.doc === '' ? {} : { docString: model.doc }),
    graph: encodeGraph(model.graph),
    opsetImport: model.opsets.map(({ domain, version }) => ({ domain, version: wire(version) })),
    metadataProps: [...model.metadata].map(([key, value]) => ({ key, value })),
    functions: model.functions,
    trainingInfo: model.training,
  };
  return ModelProto.encode(message, new ModelWriter(capacityFor(model.graph))).finish();
}

const LEAST_CAPACITY = 64 * 1024;

/** Room for the weights of a network and what is around them, so that the buffer need not grow, which takes twice as much. */
function capacityFor({ initializers }: Graph): number {
  const weights = initializers.reduce((sum, { data }) => sum + data.length, 0);
  return LEAST_CAPACITY + weights + Math.ceil(weights / 256);
}

function readProto(bytes: Uint8Array): onnx.ModelProto {
  try {
    return ModelProto.decode(new ModelReader(bytes));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PredictableError('CORRUPT_MODEL', `The file is not a readable ONNX model: ${reason}`, {
      hint: 'Check that the file was copied whole, or export it again.',
      cause,
    });
  }
}

function decodeGraph(proto: onnx.IGraphProto): Graph {
  return {
    name: proto.name ?? '',
    doc: proto.docString ?? '',
    inputs: (proto.input ?? []).map(decodeValue),
    outputs: (proto.output ?? []).map(decodeValue),
    values: (proto.valueInfo ?? []).map(decodeValue),
    initializers: (proto.initializer ?? []).map(decodeTensor),
    sparse: proto.sparseInitializer ?? [],
    quantization: proto.quantizationAnnotation ?? [],
    nodes: (proto.node ?? []).map(decodeNode),
  };
}

function encodeGraph(graph: Graph): onnx.IGraphProto {
  return {
    node: graph.nodes.map(encodeNode),
    name: graph.name,
    initializer: graph.initializers.map(encodeTensor),
    ...(graph.doc === '' ? {} : { docString: graph.doc }),
    input: graph.inputs.map(encodeValue),
    output: graph.outputs.map(encodeValue),
    valueInfo: graph.values.map(encodeValue),
    quantizationAnnotation: graph.quantization,
    sparseInitializer: graph.sparse,
  };
}

function decodeNode(proto: onnx.INodeProto): Node {
  return {
    name: proto.name ?? '',
    domain: proto.domain ?? '',
    op: proto.opType ?? '',
    inputs: proto.input ?? [],
    outputs: proto.output ?? [],
    doc: proto.docString ?? '',
    attributes: new Map((proto.attribute ?? []).map((attribute) => [attribute.name ?? '', decodeAttribute(attribute)])),
  };
}

function encodeNode(node: Node): onnx.INodeProto {
  return {
    input: [...node.inputs],
    output: [...node.outputs],
    name: node.name,
    opType: node.op,
    attribute: [...node.attributes].map(([name, attribute]) => encodeAttribute(name, attribute)),
    ...(node.doc === '' ? {} : { docString: node.doc }),
    ...(node.domain === '' ? {} : { domain: node.domain }),
  };
}

function decodeAttribute(proto: onnx.IAttributeProto): Attribute {
  switch (proto.refAttrName ? undefined : proto.type) {
    case AttributeType.FLOAT:
      return { type: 'float', value: proto.f ?? 0 };
    case AttributeType.INT:
      return { type: 'int', value: int64(proto.i) };
    case AttributeType.STRING:
      return { type: 'string', value: proto.s ?? new Uint8Array() };
    case AttributeType.TENSOR:
      return { type: 'tensor', value: decodeTensor(proto.t ?? {}) };
    case AttributeType.GRAPH:
      return { type: 'graph', value: decodeGraph(proto.g ?? {}) };
    case AttributeType.FLOATS:
      return { type: 'floats', value: proto.floats ?? [] };
    case AttributeType.INTS:
      return { type: 'ints', value: (proto.ints ?? []) as unknown as Int64[] };
    case AttributeType.STRINGS:
      return { type: 'strings', value: proto.strings ?? [] };
    case AttributeType.TENSORS:
      return { type: 'tensors', value: (proto.tensors ?? []).map(decodeTensor) };
    case AttributeType.GRAPHS:
      return { type: 'graphs', value: (proto.graphs ?? []).map(decodeGraph) };
    default:
      return { type: 'other', value: proto };
  }
}

function encodeAttribute(name: string, attribute: Attribute): onnx.IAttributeProto {
  switch (attribute.type) {
    case 'float':
      return { name, f: attribute.value, type: AttributeType.FLOAT };
    case 'int':
      return { name, i: wire(attribute.value), type: AttributeType.INT };
    case 'string':
      return { name, s: attribute.value, type: AttributeType.STRING };
    case 'tensor':
      return { name, t: encodeTensor(attribute.value), type: AttributeType.TENSOR };
    case 'graph':
      return { name, g: encodeGraph(attribute.value), type: AttributeType.GRAPH };
    case 'floats':
      return { name, floats: attribute.value, type: AttributeType.FLOATS };
    case 'ints':
      return { name, ints: attribute.value as unknown as number[], type: AttributeType.INTS };
    case 'strings':
      return { name, strings: attribute.value, type: AttributeType.STRINGS };
    case 'tensors':
      return { name, tensors: attribute.value.map(encodeTensor), type: AttributeType.TENSORS };
    case 'graphs':
      return { name, graphs: attribute.value.map(encodeGraph), type: AttributeType.GRAPHS };
    case 'other':
      return attribute.value;
  }
}

function decodeValue(proto: onnx.IValueInfoProto): ValueInfo {
  return { name: proto.name ?? '', type: decodeType(proto.type ?? null), doc: proto.docString ?? '' };
}

function encodeValue(value: ValueInfo): onnx.IValueInfoProto {
  const type = encodeType(value.type);
  return { name: value.name, ...(type ? { type } : {}), ...(value.doc === '' ? {} : { docString: value.doc }) };
}

function decodeType(proto: onnx.ITypeProto | null): ValueType {
  const tensor = proto?.tensorType;
  if (tensor) {
    const dimensions = tensor.shape ? (tensor.shape.dim ?? []) : null;
    return {
      kind: 'tensor',
      element: ELEMENT_TYPES[tensor.elemType ?? 0] ?? 'undefined',
      shape:
        dimensions?.map((dimension) =>
          present(dimension, 'dimValue') ? Number(int64(dimension.dimValue)) : dimension.dimParam || null,
        ) ?? null,
    };
  }
  if (proto?.sequenceType) return { kind: 'sequence', proto };
  if (proto?.mapType) return { kind: 'map', proto };
  if (proto?.optionalType) return { kind: 'optional', proto };
  if (proto?.sparseTensorType) return { kind: 'sparse', proto };
  return { kind: 'unknown', proto };
}

function encodeType(type: ValueType): onnx.ITypeProto | null {
  if (type.kind !== 'tensor') return type.proto;
  return {
    tensorType: {
      elemType: ELEMENT_TYPES.indexOf(type.element),
      ...(type.shape === null
        ? {}
        : {
            shape: {
              dim: type.shape.map((dimension) =>
                typeof dimension === 'number'
                  ? { dimValue: wire(dimension) }
                  : dimension === null
                    ? {}
                    : { dimParam: dimension },
              ),
            },
          }),
    },
  };
}

/** onnx-proto puts defaults on prototypes: only an own property was in the file. */
function present(message: object, field: string): boolean {
  return Object.hasOwn(message, field);
}

/** What ModelReader gave for an int64, which onnx-proto types as `number | Long`. */
function int64(value: unknown): Int64 {
  return typeof value === 'bigint' ? value : Number(value ?? 0);
}

/** A bigint for ModelWriter, in a field that onnx-proto types as `number | Long`. */
function wire(value: Int64): number {
  return value as number;
}
