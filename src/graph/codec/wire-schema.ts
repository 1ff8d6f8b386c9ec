/** The messages of ONNX 1.10.2, which onnx-proto 8.0.1 knows: what it does not know would vanish when a model is written again. */

export type MessageName =
  | 'ModelProto'
  | 'GraphProto'
  | 'NodeProto'
  | 'AttributeProto'
  | 'TensorProto'
  | 'Segment'
  | 'SparseTensorProto'
  | 'ValueInfoProto'
  | 'TypeProto'
  | 'TypeProto.Tensor'
  | 'TypeProto.Sequence'
  | 'TypeProto.Map'
  | 'TensorShapeProto'
  | 'Dimension'
  | 'OperatorSetIdProto'
  | 'StringStringEntryProto'
  | 'TensorAnnotation'
  | 'TrainingInfoProto'
  | 'FunctionProto';

/** Wire types; those in the plural may come packed or one by one. A message is given by its name. */
export type FieldKind = 'varint' | 'fixed32' | 'varints' | 'fixed32s' | 'fixed64s' | 'bytes' | { message: MessageName };

interface Field {
  name: string;
  kind: FieldKind;
}

const bytes = (name: string): Field => ({ name, kind: 'bytes' });
const varint = (name: string): Field => ({ name, kind: 'varint' });

/** Notes of exporters that came after ONNX 1.10: nothing is computed from them, and the codec leaves them out. */
const NOTES: Field = { name: 'metadata_props', kind: { message: 'StringStringEntryProto' } };

const FIELDS: Record<MessageName, Record<number, Field>> = {
  ModelProto: {
    1: varint('ir_version'),
    2: bytes('producer_name'),
    3: bytes('producer_version'),
    4: bytes('domain'),
    5: varint('model_version'),
    6: bytes('doc_string'),
    7: { name: 'graph', kind: { message: 'GraphProto' } },
    8: { name: 'opset_import', kind: { message: 'OperatorSetIdProto' } },
    14: { name: 'metadata_props', kind: { message: 'StringStringEntryProto' } },
    20: { name: 'training_info', kind: { message: 'TrainingInfoProto' } },
    25: { name: 'functions', kind: { message: 'FunctionProto' } },
  },
  GraphProto: {
    1: { name: 'node', kind: { message: 'NodeProto' } },
    2: bytes('name'),
    5: { name: 'initializer', kind: { message: 'TensorProto' } },
    10: bytes('doc_string'),
    11: { name: 'input', kind: { message: 'ValueInfoProto' } },
    12: { name: 'output', kind: { message: 'ValueInfoProto' } },
    13: { name: 'value_info', kind: { message: 'ValueInfoProto' } },
    14: { name: 'quantization_annotation', kind: { message: 'TensorAnnotation' } },
    15: { name: 'sparse_initializer', kind: { message: 'SparseTensorProto' } },
    16: NOTES,
  },
  NodeProto: {
    1: bytes('input'),
    2: bytes('output'),
    3: bytes('name'),
    4: bytes('op_type'),
    5: { name: 'attribute', kind: { message: 'AttributeProto' } },
    6: bytes('doc_string'),
    7: bytes('domain'),
    9: NOTES,
  },
  AttributeProto: {
    1: bytes('name'),
    2: { name: 'f', kind: 'fixed32' },
    3: varint('i'),
    4: bytes('s'),
    5: { name: 't', kind: { message: 'TensorProto' } },
    6: { name: 'g', kind: { message: 'GraphProto' } },
    7: { name: 'floats', kind: 'fixed32s' },
    8: { name: 'ints', kind: 'varints' },
    9: bytes('strings'),
    10: { name: 'tensors', kind: { message: 'TensorProto' } },
    11: { name: 'graphs', kind: { message: 'GraphProto' } },
    13: bytes('doc_string'),
    14: { name: 'tp', kind: { message: 'TypeProto' } },
    15: { name: 'type_protos', kind: { message: 'TypeProto' } },
    20: varint('type'),
    21: bytes('ref_attr_name'),
    22: { name: 'sparse_tensor', kind: { message: 'SparseTensorProto' } },
    23: { name: 'sparse_tensors', kind: { message: 'SparseTensorProto' } },
  },
  TensorProto: {
    1: { name: 'dims', kind: 'varints' },
    2: varint('data_type'),
    3: { name: 'segment', kind: { message: 'Segment' } },
    4: { name: 'float_data', kind: 'fixed32s' },
    5: { name: 'int32_data', kind: 'varints' },
    6: bytes('string_data'),
    7: { name: 'int64_data', kind: 'varints' },
    8: bytes('name'),
    9: bytes('raw_data'),
    10: { name: 'double_data', kind: 'fixed64s' },
    11: { name: 'uint64_data', kind: 'varints' },
    12: bytes('doc_string'),
    13: { name: 'external_data', kind: { message: 'StringStringEntryProto' } },
    14: varint('data_location'),
    16: NOTES,
  },
  Segment: { 1: varint('begin'), 2: varint('end') },
  SparseTensorProto: {
    1: { name: 'values', kind: { message: 'TensorProto' } },
    2: { name: 'indices', kind: { message: 'TensorProto' } },
    3: { name: 'dims', kind: 'varints' },
  },
  ValueInfoProto: {
    1: bytes('name'),
    2: { name: 'type', kind: { message: 'TypeProto' } },
    3: bytes('doc_string'),
    4: NOTES,
  },
  TypeProto: {
    1: { name: 'tensor_type', kind: { message: 'TypeProto.Tensor' } },
    4: { name: 'sequence_type', kind: { message: 'TypeProto.Sequence' } },
    5: { name: 'map_type', kind: { message: 'TypeProto.Map' } },
    6: bytes('denotation'),
    8: { name: 'sparse_tensor_type', kind: { message: 'TypeProto.Tensor' } },
    9: { name: 'optional_type', kind: { message: 'TypeProto.Sequence' } },
  },
  'TypeProto.Tensor': {
    1: varint('elem_type'),
    2: { name: 'shape', kind: { message: 'TensorShapeProto' } },
  },
  'TypeProto.Sequence': { 1: { name: 'elem_type', kind: { message: 'TypeProto' } } },
  'TypeProto.Map': { 1: varint('key_type'), 2: { name: 'value_type', kind: { message: 'TypeProto' } } },
  TensorShapeProto: { 1: { name: 'dim', kind: { message: 'Dimension' } } },
  Dimension: { 1: varint('dim_value'), 2: bytes('dim_param'), 3: bytes('denotation') },
  OperatorSetIdProto: { 1: bytes('domain'), 2: varint('version') },
  StringStringEntryProto: { 1: bytes('key'), 2: bytes('value') },
  TensorAnnotation: {
    1: bytes('tensor_name'),
    2: { name: 'quant_parameter_tensor_names', kind: { message: 'StringStringEntryProto' } },
  },
  TrainingInfoProto: {
    1: { name: 'initialization', kind: { message: 'GraphProto' } },
    2: { name: 'algorithm', kind: { message: 'GraphProto' } },
    3: { name: 'initialization_binding', kind: { message: 'StringStringEntryProto' } },
    4: { name: 'update_binding', kind: { message: 'StringStringEntryProto' } },
  },
  FunctionProto: {
    1: bytes('name'),
    4: bytes('input'),
    5: bytes('output'),
    6: bytes('attribute'),
    7: { name: 'node', kind: { message: 'NodeProto' } },
    8: bytes('doc_string'),
    9: { name: 'opset_import', kind: { message: 'OperatorSetIdProto' } },
    10: bytes('domain'),
    14: NOTES,
  },
};

/** Fields that came after ONNX 1.10.2, so that the refusal can name them. */
const NEWER_FIELDS: Record<string, string> = {
  'ModelProto.26': 'configuration',
  'NodeProto.8': 'overload',
  'NodeProto.10': 'device_configurations',
  'TypeProto.7': 'opaque_type',
  'FunctionProto.11': 'attribute_proto',
  'FunctionProto.12': 'value_info',
  'FunctionProto.13': 'overload',
};

export function fieldOf(message: MessageName, number: number): Field | undefined {
  return FIELDS[message][number];
}

/** `NodeProto.overload (8)`, or `NodeProto field 99` when no version of ONNX is known to have it. */
export function describeField(message: MessageName, number: number): string {
  const name = fieldOf(message, number)?.name ?? NEWER_FIELDS[`${message}.${number}`];
  return name === undefined ? `${message} field ${number}` : `${message}.${name} (${number})`;
}
