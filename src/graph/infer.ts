/** Element types and shapes of a tabular graph's tensors, from its inputs: declared shapes of converters lie. */

import type { Draft } from './draft.js';
import { initializersOf, inOrder } from './draft.js';
import type { ElementType, Node, Tensor } from './model.js';
import { ELEMENT_TYPES } from './model.js';
import { floatsOf, intOf, intsOf, numbersOf, stringOf, stringsOf } from './tensors.js';

/** `N` is the number of rows, `30N` thirty times that; null is unknown. */
export type Size = number | Rows | null;
type Rows = 'N' | `${number}N`;

export interface TensorFacts {
  element: ElementType;
  shape: Size[] | null;
}

export type Inferred = Map<string, TensorFacts>;

export function infer(draft: Draft): Inferred {
  const { graph } = draft.model;
  const known: Inferred = new Map();
  const constants = initializersOf(graph);
  for (const tensor of graph.initializers) known.set(tensor.name, { element: tensor.type, shape: tensor.dims });
  for (const { name, type } of graph.inputs) {
    if (type.kind !== 'tensor') continue;
    const shape = type.shape?.map(
      (size, axis): Size => (axis === 0 ? 'N' : typeof size === 'number' && size > 0 ? size : null),
    );
    known.set(name, { element: type.element, shape: shape ?? null });
  }
  const declared = new Map(
    [...graph.values, ...graph.outputs].flatMap(({ name, type }) =>
      type.kind === 'tensor' ? [[name, type.element] as const] : [],
    ),
  );
  for (const node of inOrder(graph)) {
    const inputs = node.inputs.map((name) => known.get(name));
    const facts = rule(node, inputs, constants);
    node.outputs.forEach((name, index) => {
      const found = facts[index];
      const element = found?.element ?? declared.get(name) ?? 'undefined';
      known.set(name, { element, shape: found?.shape ?? null });
    });
  }
  return known;
}

type Found = { element?: ElementType | undefined; shape?: Size[] | null | undefined };

function rule(node: Node, inputs: (TensorFacts | undefined)[], constants: Map<string, Tensor>): Found[] {
  const [first] = inputs;
  const shape = first?.shape ?? null;
  const same = [{ element: first?.element, shape }];
  const values = (index: number): number[] | null => {
    const tensor = constants.get(node.inputs[index] ?? '');
    return tensor && tensor.type !== 'string' ? numbersOf(tensor) : null;
  };
  if (node.domain === 'ai.onnx.ml') return mlRule(node, inputs, shape);
  switch (node.op) {
    case 'Cast':
      return [{ element: ELEMENT_TYPES[intOf(node, 'to', 0)], shape }];
    case 'Add':
    case 'Sub':
    case 'Mul':
    case 'Div':
    case 'Pow':
    case 'Sum':
    case 'Max':
    case 'Min':
    case 'Mod':
      return [{ element: first?.element, shape: broadcast(inputs) }];
    case 'Equal':
    case 'Less':
    case 'Greater':
    case 'LessOrEqual':
    case 'GreaterOrEqual':
    case 'And':
    case 'Or':
    case 'Xor':
      return [{ element: 'bool', shape: broadcast(inputs) }];
    case 'Not':
    case 'IsNaN':
    case 'IsInf':
      return [{ element: 'bool', shape }];
    case 'Where':
      return [{ element: inputs[1]?.element, shape: broadcast(inputs) }];
    case 'MatMul':
      return [{ element: first?.element, shape: matrix(shape, inputs[1]?.shape ?? null) }];
    case 'Gemm': {
      const turn = (sizes: Size[] | null, on: boolean): Size[] | null => (on && sizes ? [...sizes].reverse() : sizes);
      const left = turn(shape, intOf(node, 'transA', 0) === 1);
      return [
        {
          element: first?.element,
          shape: matrix(left, turn(inputs[1]?.shape ?? null, intOf(node, 'transB', 0) === 1)),
        },
      ];
    }
    case 'Concat':
      return [{ element: first?.element, shape: concatenated(inputs, intOf(node, 'axis', 1)) }];
    case 'Reshape':
      return [{ element: first?.element, shape: reshaped(shape, values(1)) }];
    case 'Flatten':
      return [{ element: first?.element, shape: flattened(shape, intOf(node, 'axis', 1)) }];
    case 'Transpose': {
      const order = intsOf(node, 'perm')?.map(Number) ?? shape?.map((_, axis) => shape.length - 1 - axis);
      return [{ element: first?.element, shape: shape && order ? order.map((axis) => shape[axis] ?? null) : null }];
    }
    case 'Squeeze': {
      const axes = intsOf(node, 'axes')?.map(Number) ?? values(1);
      if (!shape || !axes) return [{ element: first?.element }];
      const dropped = axes.map((axis) => (axis < 0 ? axis + shape.length : axis));
      return [{ element: first?.element, shape: shape.filter((_, axis) => !dropped.includes(axis)) }];
    }
    case 'Unsqueeze': {
      const axes = intsOf(node, 'axes')?.map(Number) ?? values(1);
      if (!shape || !axes) return [{ element: first?.element }];
      const rank = shape.length + axes.length;
      const added = axes.map((axis) => (axis < 0 ? axis + rank : axis));
      const rest = [...shape];
      const sizes = Array.from(
        { length: rank },
        (_, axis): Size => (added.includes(axis) ? 1 : (rest.shift() ?? null)),
      );
      return [{ element: first?.element, shape: sizes }];
    }
    case 'Gather': {
      const indices = inputs[1]?.shape;
      if (!shape || !indices) return [{ element: first?.element }];
      const axis = positive(intOf(node, 'axis', 0), shape.length);
      return [{ element: first?.element, shape: [...shape.slice(0, axis), ...indices, ...shape.slice(axis + 1)] }];
    }
    case 'Slice':
      return [
        {
          element: first?.element,
          shape: sliced(
            shape,
            values(1),
            values(2),
            node.inputs[3] ? values(3) : null,
            node.inputs[4] ? values(4) : null,
          ),
        },
      ];
    case 'Split':
      return node.outputs.map(() => ({
        element: first?.element,
        shape: shape && node.outputs.length > 0 ? splitShape(shape, node) : null,
      }));
    case 'ArgMax':
    case 'ArgMin':
      return [{ element: 'int64', shape: reduced(shape, [intOf(node, 'axis', 0)], intOf(node, 'keepdims', 1) === 1) }];
    case 'Shape':
      return [{ element: 'int64', shape: shape ? [shape.length] : null }];
    case 'TopK':
      return [{ element: first?.element }, { element: 'int64' }];
    case 'ConstantOfShape':
      return [{}];
    default:
      if (node.op.startsWith('Reduce')) {
        const axes = intsOf(node, 'axes')?.map(Number) ?? values(1);
        const keep = intOf(node, 'keepdims', 1) === 1;
        return [{ element: first?.element, shape: axes ? reduced(shape, axes, keep) : null }];
      }
      return SAME.has(node.op) ? same : [{}];
  }
}

const SAME = new Set(
  'Identity StringNormalizer Relu Sigmoid Tanh Exp Log Sqrt Neg Abs Reciprocal Floor Ceil Round Sign Erf LeakyRelu Elu Selu Softplus Softsign Clip Softmax LogSoftmax LpNormalization Dropout Sin Cos Tan Hardmax CumSum'.split(
    ' ',
  ),
);

function mlRule(node: Node, inputs: (TensorFacts | undefined)[], shape: Size[] | null): Found[] {
  const height: Size = shape?.[0] ?? null;
  switch (node.op) {
    case 'LinearClassifier':
    case 'SVMClassifier':
    case 'TreeEnsembleClassifier': {
      const labels = stringsOf(node, 'classlabels_strings');
      const numbers = intsOf(node, 'classlabels_int64s') ?? intsOf(node, 'classlabels_ints');
      const text = labels !== null;
      const count = labels?.length ?? numbers?.length ?? null;
      return [
        { element: text ? 'string' : 'int64', shape: [height] },
        { element: 'float', shape: [height, scoreWidth(node, count)] },
      ];
    }
    case 'LinearRegressor':
      return [{ element: 'float', shape: [height, intOf(node, 'targets', 1)] }];
    case 'TreeEnsembleRegressor':
      return [{ element: 'float', shape: [height, intOf(node, 'n_targets', 1)] }];
    case 'SVMRegressor':
      return [{ element: 'float', shape: [height, 1] }];
    case 'Scaler':
    case 'Normalizer':
      return [{ element: 'float', shape }];
    case 'Imputer':
    case 'Binarizer':
      return [{ element: inputs[0]?.element, shape }];
    case 'OneHotEncoder': {
      const categories = stringsOf(node, 'cats_strings') ?? intsOf(node, 'cats_int64s');
      return [{ element: 'float', shape: shape && [...shape, categories?.length ?? null] }];
    }
    case 'LabelEncoder': {
      const element = node.attributes.has('values_strings')
        ? 'string'
        : node.attributes.has('values_int64s')
          ? 'int64'
          : node.attributes.has('values_floats')
            ? 'float'
            : undefined;
      return [{ element, shape }];
    }
    case 'ArrayFeatureExtractor': {
      const counted = perRow(inputs[1]?.shape ?? [null]);
      const picked: Size = counted && (counted.rows ? rows(counted.values) : counted.values);
      // One row of values picked by N indices comes out as [1,N].
      return [
        {
          element: inputs[0]?.element,
          shape: shape ? (shape.length === 1 ? [1, picked] : [...shape.slice(0, -1), picked]) : null,
        },
      ];
    }
    case 'ZipMap':
      return [{}];
    default:
      return [{}];
  }
}

/** Null where the runtime's rule depends on the weights. */
function scoreWidth(node: Node, labels: number | null): number | null {
  if (node.op === 'LinearClassifier') {
    const targets = floatsOf(node, 'intercepts')?.length ?? null;
    return targets === 1 && labels === 2 ? 2 : targets;
  }
  if (node.op === 'TreeEnsembleClassifier') return labels === null ? null : Math.max(labels, 1);
  return stringOf(node, 'kernel_type', '') === '' ? null : labels;
}

function positive(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}

function broadcast(inputs: (TensorFacts | undefined)[]): Size[] | null {
  const shapes = inputs.map((input) => input?.shape ?? null);
  if (shapes.some((shape) => shape === null)) return null;
  const full = shapes as Size[][];
  const rank = Math.max(...full.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, axis): Size => {
    const sizes = full.map((shape) =>
      axis - rank + shape.length < 0 ? 1 : (shape[axis - rank + shape.length] ?? null),
    );
    return sizes.find((size) => size !== 1 && size !== null) ?? (sizes.includes(null) ? null : 1);
  });
}

function matrix(left: Size[] | null, right: Size[] | null): Size[] | null {
  if (!left || !right || left.length < 2 || right.length !== 2) return null;
  return [...left.slice(0, -1), right[1] ?? null];
}

function concatenated(inputs: (TensorFacts | undefined)[], rawAxis: number): Size[] | null {
  const shapes = inputs.map((input) => input?.shape ?? null);
  const [first] = shapes;
  if (!first || shapes.some((shape) => shape === null)) return null;
  const axis = positive(rawAxis, first.length);
  const sizes = shapes.map((shape) => shape?.[axis] ?? null);
  const total = sizes.every((size) => typeof size === 'number')
    ? sizes.reduce<number>((sum, size) => sum + Number(size), 0)
    : sizes.every((size) => typeof size === 'string')
      ? rows(sizes.reduce<number>((sum, size) => sum + rowFactor(size), 0))
      : null;
  return first.map((size, index) => (index === axis ? total : size));
}

/** Values per row are kept by a Reshape, so that the open size follows from the fixed ones. */
function reshaped(shape: Size[] | null, target: number[] | null): Size[] | null {
  if (!target) return null;
  const sizes = target.map((size, axis): Size | undefined =>
    size === 0 ? (shape?.[axis] ?? null) : size > 0 ? size : undefined,
  );
  const open = shape === null ? null : perRow(shape);
  const fixed = perRow(sizes.filter((size) => size !== undefined));
  return sizes.map((size): Size => {
    if (size !== undefined) return size;
    if (open === null || fixed === null || open.values % fixed.values !== 0) return null;
    const factor = open.values / fixed.values;
    if (open.rows === fixed.rows) return factor;
    return open.rows && !fixed.rows ? rows(factor) : null;
  });
}

/** The number of values as a multiple of N (`rows`) or as it is; null when a size is unknown. */
function perRow(shape: Size[]): { values: number; rows: boolean } | null {
  let values = 1;
  let hasRows = false;
  for (const size of shape) {
    if (size === null || (typeof size === 'string' && hasRows)) return null;
    values *= typeof size === 'number' ? size : rowFactor(size);
    hasRows ||= typeof size === 'string';
  }
  return { values, rows: hasRows };
}

function rows(factor: number): Rows {
  return factor === 1 ? 'N' : `${factor}N`;
}

function rowFactor(size: Size): number {
  return size === 'N' ? 1 : Number(String(size).slice(0, -1));
}

function sliced(
  shape: Size[] | null,
  starts: number[] | null,
  ends: number[] | null,
  givenAxes: number[] | null,
  steps: number[] | null,
): Size[] | null {
  if (!shape || !starts || !ends || steps?.some((step) => step !== 1)) return null;
  const result = [...shape];
  for (const [index, axis] of (givenAxes ?? [...starts.keys()]).entries()) {
    const at = positive(axis, shape.length);
    const size = shape[at];
    if (typeof size !== 'number') return null;
    const bound = (value: number): number => Math.max(0, Math.min(size, value < 0 ? value + size : value));
    result[at] = Math.max(0, bound(ends[index] ?? size) - bound(starts[index] ?? 0));
  }
  return result;
}

function flattened(shape: Size[] | null, axis: number): Size[] | null {
  if (!shape || axis !== 1 || shape.slice(1).some((size) => typeof size !== 'number')) return null;
  return [shape[0] ?? null, shape.slice(1).reduce((product: number, size) => product * Number(size), 1)];
}

function reduced(shape: Size[] | null, axes: number[], keep: boolean): Size[] | null {
  if (!shape) return null;
  const gone = axes.map((axis) => positive(axis, shape.length));
  return keep
    ? shape.map((size, axis) => (gone.includes(axis) ? 1 : size))
    : shape.filter((_, axis) => !gone.includes(axis));
}

function splitShape(shape: Size[], node: Node): Size[] {
  const axis = positive(intOf(node, 'axis', 0), shape.length);
  const size = shape[axis];
  const parts = node.inputs.length > 1 || intsOf(node, 'split') ? null : node.outputs.length;
  return shape.map((value, index) =>
    index !== axis ? value : parts !== null && typeof size === 'number' ? size / parts : null,
  );
}
