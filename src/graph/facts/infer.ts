/** Element types and shapes of a tabular graph's tensors, from its inputs: declared shapes of converters lie. */

import type { Graph, Node, Tensor } from '../codec/model.js';
import { ELEMENT_TYPES } from '../codec/model.js';
import { floatsOf, intOf, intsOf, numbersOf, stringOf, stringsOf } from '../codec/tensors.js';
import type { Draft } from '../draft.js';
import { initializersOf, inOrder } from '../walk.js';
import type { Found, Inferred, TensorFacts } from './facts.js';
import { networkRule } from './network-rules.js';
import {
  broadcast,
  concatenated,
  flattened,
  matrices,
  matrix,
  perRow,
  positive,
  reduced,
  reshaped,
  rows,
  type Size,
  sliced,
  splitShape,
} from './shapes.js';

/** What is known of each tensor, as the pass that asks found the graph: worked out once, however often it asks. */
export function factsOf(draft: Draft): Inferred {
  draft.facts ??= infer(draft.model.graph);
  return draft.facts;
}

function infer(graph: Graph): Inferred {
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

/** What each output of a node is, from what its inputs are. */
export function rule(node: Node, inputs: (TensorFacts | undefined)[], constants: Map<string, Tensor>): Found[] {
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
    case 'Mean':
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
      return [{ element: first?.element, shape: matrices(shape, inputs[1]?.shape ?? null) }];
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
      return node.outputs.map((_, part) => ({
        element: first?.element,
        shape: shape && splitShape(shape, node, intsOf(node, 'split')?.map(Number) ?? values(1), part),
      }));
    case 'ArgMax':
    case 'ArgMin':
      return [{ element: 'int64', shape: reduced(shape, [intOf(node, 'axis', 0)], intOf(node, 'keepdims', 1) === 1) }];
    case 'Shape':
      return [{ element: 'int64', shape: shape ? [shape.length] : null }];
    default:
      if (node.op.startsWith('Reduce')) {
        const axes = intsOf(node, 'axes')?.map(Number) ?? values(1);
        const keep = intOf(node, 'keepdims', 1) === 1;
        return [{ element: first?.element, shape: axes ? reduced(shape, axes, keep) : null }];
      }
      return SAME.has(node.op) ? same : (networkRule(node, inputs, values) ?? [{}]);
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
