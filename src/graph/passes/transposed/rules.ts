/** For an operator on rows [N,F], the same on stacked columns [F,N]; null where there is no such form, or it would not be exact. */

import { constant, emit, opset } from '../../build.js';
import type { Node, Tensor } from '../../codec/model.js';
import {
  floatOf,
  floatsOf,
  int,
  int64Tensor,
  intOf,
  intsOf,
  isReadable,
  numbersOf,
  numberTensor,
  stringOf,
} from '../../codec/tensors.js';
import type { Draft } from '../../draft.js';
import { operatorsOf } from '../../operators/classes.js';
import type { OperatorClass } from '../../operators/operator.js';
import { linearClassifier } from './classifier.js';
import type { Stacked, TransposeContext, Transposed } from './stacked.js';
import { columnConstant, type Real } from './stacked.js';

const UNARY = stackedForms('elementwise');
const BINARY = stackedForms('broadcast');
const REDUCTIONS = stackedForms('reduction');

/** Before this opset Softmax took all axes from `axis` on together. */
const SOFTMAX_BY_AXIS = 13;
/** ONNX Runtime 1.5.2, behind targets of opset 12 and less, has no Gemm for double. */
const OPSET_WITH_DOUBLE_GEMM = 13;
/** Keeps a sum of zeros from dividing: every class got exactly 0, and stays 0. Smallest normal float. */
const SMALLEST_SUM = 1.1754943508222875e-38;

export function transposeRule(context: TransposeContext, node: Node): Transposed | null {
  const [first = ''] = node.inputs;
  const input = context.stacked.get(first);
  const element = context.facts.get(first)?.element;
  if (node.op === 'Concat') return concat(context, node);
  if (BINARY.has(node.op)) return binary(context, node);
  if (input === undefined) return null;
  if (UNARY.has(node.op)) {
    // Clip has its bounds behind.
    const operands = [input.name, ...node.inputs.slice(1)];
    return one(node, emit(context.draft, node.op, operands, Object.fromEntries(node.attributes)), input.size);
  }
  if (element !== 'float' && element !== 'double') return null;
  switch (node.op) {
    case 'Scaler':
      return element === 'float' ? scaler(context, node, input) : null;
    case 'LinearRegressor':
      return element === 'float' ? linearRegressor(context, node, input) : null;
    case 'LinearClassifier':
      return element === 'float' ? linearClassifier(context, node, input) : null;
    case 'Normalizer':
      return element === 'float' && stringOf(node, 'norm', 'MAX') === 'L1' ? normalizer(context, node, input) : null;
    case 'MatMul':
      return product(context, node, input, element, false);
    case 'Gemm':
      return intOf(node, 'transA', 0) === 0
        ? product(context, node, input, element, intOf(node, 'transB', 0) === 1)
        : null;
    case 'Softmax':
      return isLastAxis(node, -1) && opset(context.draft) >= SOFTMAX_BY_AXIS
        ? one(node, emit(context.draft, 'Softmax', [input.name], { axis: int(0) }), input.size)
        : null;
    case 'ArgMax':
    case 'ArgMin':
      return argument(context, node, input);
    default:
      return REDUCTIONS.has(node.op) ? reduction(context, node, input) : null;
  }
}

function stackedForms(name: OperatorClass): ReadonlySet<string> {
  return new Set(operatorsOf(name).flatMap(({ op, notStacked }) => (notStacked === undefined ? [op] : [])));
}

function one(node: Node, name: string, size: number, linear = false): Transposed {
  return { stacked: new Map([[node.outputs[0] ?? '', { name, size }]]), rows: new Map(), linear };
}

/** Sub and Mul rather than weights that hold the scaling: offset and weight would cancel in float. */
function scaler({ draft }: TransposeContext, node: Node, input: Stacked): Transposed | null {
  const offset = floatsOf(node, 'offset') ?? [0];
  const scale = floatsOf(node, 'scale') ?? [1];
  if (![1, input.size].includes(offset.length) || ![1, input.size].includes(scale.length)) return null;
  let name = input.name;
  if (offset.some((value) => value !== 0)) name = emit(draft, 'Sub', [name, columnConstant(draft, 'float', offset)]);
  if (scale.some((value) => value !== 1)) name = emit(draft, 'Mul', [name, columnConstant(draft, 'float', scale)]);
  return one(node, name, input.size);
}

function linearRegressor({ draft }: TransposeContext, node: Node, input: Stacked): Transposed | null {
  const targets = intOf(node, 'targets', 1);
  const weights = floatsOf(node, 'coefficients');
  const intercepts = floatsOf(node, 'intercepts');
  if (stringOf(node, 'post_transform', 'NONE') !== 'NONE') return null;
  if (weights?.length !== targets * input.size || (intercepts !== null && intercepts.length !== targets)) return null;
  const operands = [constant(draft, numberTensor('float', [targets, input.size], weights)), input.name];
  if (intercepts !== null) operands.push(columnConstant(draft, 'float', intercepts));
  return one(node, emit(draft, 'Gemm', operands), targets, true);
}

function normalizer({ draft }: TransposeContext, node: Node, input: Stacked): Transposed {
  const sum = sumOfColumns(draft, emit(draft, 'Abs', [input.name]));
  const divisor = emit(draft, 'Max', [sum, constant(draft, numberTensor('float', [1], [SMALLEST_SUM]))]);
  return one(node, emit(draft, 'Div', [input.name, divisor]), input.size);
}

/** [K,N] to [1,N]. */
function sumOfColumns(draft: Draft, tensor: string): string {
  return reduce(draft, 'ReduceSum', tensor);
}

/** X·W (+ C) as W'·X' (+ C'). */
function product(
  context: TransposeContext,
  node: Node,
  input: Stacked,
  element: Real,
  turned: boolean,
): Transposed | null {
  const { draft } = context;
  const weights = draft.index.constant(node.inputs[1] ?? '');
  if (weights?.type !== element) return null;
  if (weights.dims.length === 1 && node.op === 'MatMul') return productWithVector(context, node, input, weights);
  if (weights.dims.length !== 2) return null;
  const [features, size] = turned ? [weights.dims[1], weights.dims[0]] : weights.dims;
  if (features !== input.size || size === undefined) return null;
  if (element === 'double' && opset(draft) < OPSET_WITH_DOUBLE_GEMM)
    return productWithoutGemm(context, node, input, weights, turned);
  const operands = [weights.name, input.name];
  const bias = node.inputs[2] ?? '';
  if (bias !== '') {
    const column = asColumn(context, bias, size, element);
    if (column === null) return null;
    operands.push(column);
  }
  const attributes = {
    ...(turned ? {} : { transA: int(1) }),
    ...Object.fromEntries([...node.attributes].filter(([name]) => name === 'alpha' || name === 'beta')),
  };
  return one(node, emit(draft, 'Gemm', operands, attributes), size, true);
}

/** X·W (+ C) on stacked columns by MatMul and Add, for which the weights have to be turned here. */
function productWithoutGemm(
  context: TransposeContext,
  node: Node,
  input: Stacked,
  weights: Tensor,
  turned: boolean,
): Transposed | null {
  const { draft } = context;
  const [rows = 0, columns = 0] = weights.dims;
  const size = turned ? rows : columns;
  if (!isReadable(weights) || floatOf(node, 'alpha', 1) !== 1 || floatOf(node, 'beta', 1) !== 1) return null;
  const values = numbersOf(weights);
  const across = values.map((_, at) => values[(at % rows) * columns + Math.floor(at / rows)] ?? Number.NaN);
  const matrix = turned ? weights.name : constant(draft, numberTensor('double', [columns, rows], across));
  const result = emit(draft, 'MatMul', [matrix, input.name]);
  const bias = node.inputs[2] ?? '';
  if (bias === '') return one(node, result, size, true);
  const column = asColumn(context, bias, size, 'double');
  return column === null ? null : one(node, emit(draft, 'Add', [result, column]), size, true);
}

/**
 * X·w, a number a row: [N]. Left behind a Transpose it is not only slower: ONNX Runtime 1.12.1 and 1.30.0 fuse the two as if
 * w were a matrix, and give wrong numbers.
 */
function productWithVector(
  { draft }: TransposeContext,
  node: Node,
  input: Stacked,
  weights: Tensor,
): Transposed | null {
  if (weights.dims[0] !== input.size) return null;
  const row = constant(draft, { ...weights, dims: [1, input.size] });
  const op = weights.type === 'double' && opset(draft) < OPSET_WITH_DOUBLE_GEMM ? 'MatMul' : 'Gemm';
  const flat = emit(draft, 'Reshape', [emit(draft, op, [row, input.name]), constant(draft, int64Tensor([-1]))]);
  return { stacked: new Map(), rows: new Map([[node.outputs[0] ?? '', flat]]), linear: true };
}

function binary(context: TransposeContext, node: Node): Transposed | null {
  const [left = '', right = ''] = node.inputs;
  const inputs = [context.stacked.get(left), context.stacked.get(right)];
  const size = Math.max(inputs[0]?.size ?? 0, inputs[1]?.size ?? 0);
  if (size === 0 || inputs.some((stacked) => stacked !== undefined && stacked.size !== size && stacked.size !== 1))
    return null;
  const element = context.facts.get(inputs[0] ? left : right)?.element;
  if (element !== 'float' && element !== 'double') return null;
  const operands = [left, right].map((name, index) => inputs[index]?.name ?? asColumn(context, name, size, element));
  const [left_, other] = operands;
  if (left_ == null || other == null) return null;
  return one(node, emit(context.draft, node.op, [left_, other]), size);
}

function concat(context: TransposeContext, node: Node): Transposed | null {
  if (![1, -1].includes(intOf(node, 'axis', 0))) return null;
  const inputs = node.inputs.map((name) => context.stacked.get(name));
  const names = inputs.flatMap((stacked) => stacked?.name ?? []);
  if (names.length < node.inputs.length) return null;
  const size = inputs.reduce((sum, stacked) => sum + (stacked?.size ?? 0), 0);
  return one(node, emit(context.draft, 'Concat', names, { axis: int(0) }), size);
}

function argument({ draft }: TransposeContext, node: Node, input: Stacked): Transposed | null {
  if (!isLastAxis(node, 0) || intOf(node, 'select_last_index', 0) === 1) return null;
  const keep = intOf(node, 'keepdims', 1);
  const result = emit(draft, node.op, [input.name], { axis: int(0), keepdims: int(keep) });
  if (keep === 1) return one(node, result, 1);
  return { stacked: new Map(), rows: new Map([[node.outputs[0] ?? '', result]]), linear: false };
}

function reduction({ draft }: TransposeContext, node: Node, input: Stacked): Transposed | null {
  const tensor = draft.index.constant(node.inputs[1] ?? '');
  const axes = tensor ? numbersOf(tensor) : intsOf(node, 'axes')?.map(Number);
  if (axes?.length !== 1 || ![1, -1].includes(axes[0] ?? 0)) return null;
  const result = reduce(draft, node.op, input.name, intOf(node, 'keepdims', 1));
  if (intOf(node, 'keepdims', 1) === 1) return one(node, result, 1);
  return { stacked: new Map(), rows: new Map([[node.outputs[0] ?? '', result]]), linear: false };
}

function reduce(draft: Draft, op: string, tensor: string, keepdims = 1): string {
  const byInput = op === 'ReduceSum' && opset(draft) >= 13;
  if (byInput) {
    const axes = constant(draft, numberTensor('int64', [1], [0]));
    return emit(draft, op, [tensor, axes], { keepdims: int(keepdims) });
  }
  return emit(draft, op, [tensor], { axes: { type: 'ints', value: [0] }, keepdims: int(keepdims) });
}

function isLastAxis(node: Node, fallback: number): boolean {
  return [1, -1].includes(intOf(node, 'axis', fallback));
}

/** A constant that goes with rows ([F], [1,F] or a scalar), as [F,1]. */
function asColumn({ draft }: TransposeContext, name: string, size: number, element: Real): string | null {
  const tensor = draft.index.constant(name);
  if (tensor === undefined || !isReadable(tensor) || tensor.type !== element) return null;
  const count = tensor.dims.reduce((total, dimension) => total * dimension, 1);
  const flat = tensor.dims.length <= 1 || (tensor.dims.length === 2 && tensor.dims[0] === 1);
  if (!flat || (count !== 1 && count !== size)) return null;
  return constant(draft, { ...tensor, dims: [count, 1] });
}
