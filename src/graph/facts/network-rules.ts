/** What networks do to shapes: convolutions, pools, recurrent layers, and operators that take a shape as a tensor. */

import type { Node } from '../codec/model.js';
import { floatsOf, intOf, intsOf, stringOf } from '../codec/tensors.js';
import type { FactsRule, OutputFacts, Question, TensorFacts } from './facts.js';
import type { Size } from './shapes.js';

/** Of the first input's element type. */
const shaped =
  (shapeOf: (question: Question) => Size[] | null | undefined): FactsRule =>
  (question) => [{ element: question.element, shape: shapeOf(question) }];

const pool = shaped(({ node, shape }) => pooled(node, shape));
const globalPool = shaped(({ shape }) => shape?.map((size, axis) => (axis < 2 ? size : 1)));
const resize = shaped(resized);
const regroup = shaped(({ node, shape }) => blocks(node, shape));

export const NETWORK_RULES: Record<string, FactsRule> = {
  Conv: shaped(({ node, inputs, shape }) => convolved(node, shape, inputs[1]?.shape ?? null)),
  MaxPool: pool,
  AveragePool: pool,
  LpPool: pool,
  GlobalAveragePool: globalPool,
  GlobalMaxPool: globalPool,
  GlobalLpPool: globalPool,
  LSTM: recurrent,
  GRU: recurrent,
  RNN: recurrent,
  Pad: shaped(({ node, shape, values }) => padded(shape, intsOf(node, 'pads')?.map(Number) ?? values(1))),
  Trilu: shaped(({ shape }) => shape),
  Resize: resize,
  Upsample: resize,
  Expand: shaped(({ shape, values }) => expanded(shape, values(1))),
  Tile: shaped(({ shape, values }) => {
    const repeats = values(1);
    return shape && repeats && shape.map((size, axis) => (repeats[axis] === 1 ? size : times(size, repeats[axis])));
  }),
  DepthToSpace: regroup,
  SpaceToDepth: regroup,
  Einsum: shaped(({ node, inputs }) => contracted(stringOf(node, 'equation', ''), inputs)),
};

const numbers = (node: Node, name: string): number[] | null => intsOf(node, name)?.map(Number) ?? null;

function convolved(node: Node, shape: Size[] | null, weights: Size[] | null): Size[] | null {
  if (!shape || !weights) return null;
  const kernel = numbers(node, 'kernel_shape') ?? weights.slice(2).map(Number);
  return [shape[0] ?? null, weights[0] ?? null, ...windows(node, shape.slice(2), kernel)];
}

function pooled(node: Node, shape: Size[] | null): Size[] | null {
  const kernel = numbers(node, 'kernel_shape');
  return shape && kernel ? [...shape.slice(0, 2), ...windows(node, shape.slice(2), kernel)] : null;
}

function windows(node: Node, sizes: Size[], kernel: number[]): Size[] {
  const strides = numbers(node, 'strides');
  const dilations = numbers(node, 'dilations');
  const pads = numbers(node, 'pads');
  const auto = stringOf(node, 'auto_pad', 'NOTSET');
  const round = intOf(node, 'ceil_mode', 0) === 1 ? Math.ceil : Math.floor;
  return sizes.map((size, axis) => {
    if (typeof size !== 'number') return null;
    const stride = strides?.[axis] ?? 1;
    const reach = ((kernel[axis] ?? 1) - 1) * (dilations?.[axis] ?? 1) + 1;
    if (auto.startsWith('SAME')) return Math.ceil(size / stride);
    const around = auto === 'VALID' ? 0 : (pads?.[axis] ?? 0) + (pads?.[axis + sizes.length] ?? 0);
    return round((size + around - reach) / stride) + 1;
  });
}

function recurrent({ node, inputs, element, shape }: Question): OutputFacts[] {
  const directions = inputs[1]?.shape?.[0] ?? (stringOf(node, 'direction', 'forward') === 'bidirectional' ? 2 : 1);
  const hidden = intOf(node, 'hidden_size', 0) || null;
  const byRow = intOf(node, 'layout', 0) === 1;
  const [time, rows] = byRow ? [shape?.[1] ?? null, shape?.[0] ?? null] : [shape?.[0] ?? null, shape?.[1] ?? null];
  const last = byRow ? [rows, directions, hidden] : [directions, rows, hidden];
  const all = byRow ? [rows, time, directions, hidden] : [time, directions, rows, hidden];
  return [all, last, last].map((sizes) => ({ element, shape: shape && sizes }));
}

function padded(shape: Size[] | null, pads: number[] | null): Size[] | null {
  if (!shape || pads?.length !== shape.length * 2) return null;
  return shape.map((size, axis) => {
    const around = (pads[axis] ?? 0) + (pads[axis + shape.length] ?? 0);
    return around === 0 ? size : typeof size === 'number' ? size + around : null;
  });
}

function resized({ node, shape, values }: Question): Size[] | null {
  if (!shape) return null;
  const sizes = node.op === 'Resize' && node.inputs[3] ? values(3) : null;
  if (sizes?.length === shape.length) return sizes.map((size, axis) => (axis === 0 ? (shape[0] ?? null) : size));
  const factors = floatsOf(node, 'scales') ?? values(node.op === 'Resize' && node.inputs.length > 2 ? 2 : 1);
  if (factors?.length !== shape.length) return null;
  return shape.map((size, axis) => times(size, factors[axis]));
}

function times(size: Size, factor: number | undefined): Size {
  if (factor === 1) return size;
  return typeof size === 'number' && factor !== undefined ? Math.floor(size * factor) : null;
}

function expanded(shape: Size[] | null, target: number[] | null): Size[] | null {
  if (!shape || !target) return null;
  const rank = Math.max(shape.length, target.length);
  return Array.from({ length: rank }, (_, at): Size => {
    const size = at - rank + shape.length < 0 ? 1 : (shape[at - rank + shape.length] ?? null);
    const wanted = at - rank + target.length < 0 ? 1 : (target[at - rank + target.length] ?? 1);
    return wanted === 1 ? size : size === 1 ? wanted : size;
  });
}

function blocks(node: Node, shape: Size[] | null): Size[] | null {
  const [rows, channels, height, width] = shape ?? [];
  const block = intOf(node, 'blocksize', 1);
  if (typeof channels !== 'number' || typeof height !== 'number' || typeof width !== 'number') return null;
  return node.op === 'DepthToSpace'
    ? [rows ?? null, channels / block ** 2, height * block, width * block]
    : [rows ?? null, channels * block ** 2, height / block, width / block];
}

function contracted(equation: string, inputs: (TensorFacts | undefined)[]): Size[] | null {
  const [left = '', right] = equation.replaceAll(' ', '').split('->');
  if (right === undefined || equation.includes('.')) return null;
  const sizes = new Map<string, Size>();
  for (const [index, letters] of left.split(',').entries()) {
    for (const [axis, letter] of [...letters].entries()) sizes.set(letter, inputs[index]?.shape?.[axis] ?? null);
  }
  return [...right].map((letter) => sizes.get(letter) ?? null);
}
