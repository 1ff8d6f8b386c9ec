/** What single operators on tensors of any kind make of element types and shapes: products, picks, joins and turns. */

import { ELEMENT_TYPES } from '../codec/model.js';
import { intOf, intsOf } from '../codec/tensors.js';
import type { FactsRule, Question } from './facts.js';
import {
  broadcast,
  concatenated,
  flattened,
  matrices,
  matrix,
  positive,
  reduced,
  reshaped,
  type Size,
  sliced,
  splitShape,
} from './shapes.js';

/** Where the largest or the smallest value along an axis is. */
const place: FactsRule = ({ node, shape }) => [
  { element: 'int64', shape: reduced(shape, [intOf(node, 'axis', 0)], intOf(node, 'keepdims', 1) === 1) },
];

export const ARRAY_RULES: Record<string, FactsRule> = {
  Cast: ({ node, shape }) => [{ element: ELEMENT_TYPES[intOf(node, 'to', 0)], shape }],
  Where: ({ inputs }) => [{ element: inputs[1]?.element, shape: broadcast(inputs) }],
  // Slopes are spread over the values, never values over slopes.
  PRelu: ({ element, shape }) => [{ element, shape }],
  MatMul: ({ inputs, element, shape }) => [{ element, shape: matrices(shape, inputs[1]?.shape ?? null) }],
  Gemm: ({ node, inputs, element, shape }) => {
    const turned = (sizes: Size[] | null, flag: string): Size[] | null =>
      intOf(node, flag, 0) === 1 && sizes ? [...sizes].reverse() : sizes;
    return [{ element, shape: matrix(turned(shape, 'transA'), turned(inputs[1]?.shape ?? null, 'transB')) }];
  },
  Concat: ({ node, inputs, element }) => [{ element, shape: concatenated(inputs, intOf(node, 'axis', 1)) }],
  Reshape: ({ element, shape, values }) => [{ element, shape: reshaped(shape, values(1)) }],
  Flatten: ({ node, element, shape }) => [{ element, shape: flattened(shape, intOf(node, 'axis', 1)) }],
  Transpose: ({ node, element, shape }) => {
    const order = intsOf(node, 'perm')?.map(Number) ?? shape?.map((_, axis) => shape.length - 1 - axis);
    return [{ element, shape: shape && order ? order.map((axis) => shape[axis] ?? null) : null }];
  },
  Squeeze: (question) => {
    const { element, shape } = question;
    const axes = axesOf(question);
    if (!shape || !axes) return [{ element }];
    const dropped = axes.map((axis) => positive(axis, shape.length));
    return [{ element, shape: shape.filter((_, axis) => !dropped.includes(axis)) }];
  },
  Unsqueeze: (question) => {
    const { element, shape } = question;
    const axes = axesOf(question);
    if (!shape || !axes) return [{ element }];
    const rank = shape.length + axes.length;
    const added = axes.map((axis) => positive(axis, rank));
    const rest = [...shape];
    const sizes = Array.from({ length: rank }, (_, axis): Size => (added.includes(axis) ? 1 : (rest.shift() ?? null)));
    return [{ element, shape: sizes }];
  },
  Gather: ({ node, inputs, element, shape }) => {
    const indices = inputs[1]?.shape;
    if (!shape || !indices) return [{ element }];
    const axis = positive(intOf(node, 'axis', 0), shape.length);
    return [{ element, shape: [...shape.slice(0, axis), ...indices, ...shape.slice(axis + 1)] }];
  },
  GatherElements: ({ inputs, element }) => [{ element, shape: inputs[1]?.shape ?? null }],
  Slice: ({ node, element, shape, values }) => {
    const [starts, ends] = [values(1), values(2)];
    const axes = node.inputs[3] ? values(3) : null;
    const steps = node.inputs[4] ? values(4) : null;
    return [{ element, shape: sliced(shape, { starts, ends, axes, steps }) }];
  },
  Split: ({ node, element, shape, values }) => {
    const sizes = intsOf(node, 'split')?.map(Number) ?? values(1);
    return node.outputs.map((_, part) => ({ element, shape: shape && splitShape(shape, node, sizes, part) }));
  },
  ArgMax: place,
  ArgMin: place,
  TopK: ({ node, element, shape, values }) => {
    const count = intOf(node, 'k', 0) || (values(1)?.[0] ?? null);
    const axis = shape && positive(intOf(node, 'axis', -1), shape.length);
    const sizes = shape?.map((size, at) => (at === axis ? count : size));
    return [
      { element, shape: sizes },
      { element: 'int64', shape: sizes },
    ];
  },
  Shape: ({ shape }) => [{ element: 'int64', shape: shape ? [shape.length] : null }],
  Size: () => [{ element: 'int64', shape: [] }],
  ConstantOfShape: ({ node, values }) => {
    const value = node.attributes.get('value');
    return [{ element: value?.type === 'tensor' ? value.value.type : 'float', shape: values(0) }];
  },
};

/** An attribute in older opsets, an input in later ones. */
function axesOf({ node, values }: Question): number[] | null {
  return intsOf(node, 'axes')?.map(Number) ?? values(1);
}
