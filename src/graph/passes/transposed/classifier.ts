/** ONNX Runtime's LinearClassifier written out on stacked columns. */

import { constant, emit, opset } from '../../build.js';
import type { Node } from '../../codec/model.js';
import { floatsOf, int, int64Tensor, intsOf, numberTensor, stringOf } from '../../codec/tensors.js';
import type { Draft } from '../../draft.js';
import type { Stacked, TransposeContext, Transposed } from './stacked.js';
import { columnConstant } from './stacked.js';

const SOFTMAX_BY_AXIS = 13;

/** With one row of weights the runtime derives the second class; only the form with a row per class is written out. */
export function linearClassifier({ draft }: TransposeContext, node: Node, input: Stacked): Transposed | null {
  const weights = floatsOf(node, 'coefficients');
  const intercepts = floatsOf(node, 'intercepts');
  const labels = intsOf(node, 'classlabels_ints');
  const classes = intercepts?.length ?? 0;
  if (weights === null || intercepts === null || labels === null) return null;
  if (classes < 2 || labels.length !== classes || weights.length !== classes * input.size) return null;
  const scores = emit(draft, 'Gemm', [
    constant(draft, numberTensor('float', [classes, input.size], weights)),
    input.name,
    columnConstant(draft, 'float', intercepts),
  ]);
  const name = transformed(draft, scores, stringOf(node, 'post_transform', 'NONE'));
  if (name === null) return null;
  const best = emit(draft, 'ArgMax', [scores], { axis: int(0), keepdims: int(0) });
  const counted = labels.every((label, index) => Number(label) === index);
  const label = counted ? best : emit(draft, 'Gather', [constant(draft, int64Tensor(labels)), best], { axis: int(0) });
  const [labelRow = '', scoreRow = ''] = node.outputs;
  return { stacked: new Map([[scoreRow, { name, size: classes }]]), rows: new Map([[labelRow, label]]), linear: true };
}

function transformed(draft: Draft, scores: string, transform: string): string | null {
  if (transform === 'NONE') return scores;
  if (transform === 'SOFTMAX' && opset(draft) >= SOFTMAX_BY_AXIS)
    return emit(draft, 'Softmax', [scores], { axis: int(0) });
  if (transform !== 'LOGISTIC') return null;
  // 1/(1+exp(-x)) keeps its relative precision in both tails, where the runtime's own form steps in 6e-8.
  const grown = emit(draft, 'Exp', [emit(draft, 'Neg', [scores])]);
  const divisor = emit(draft, 'Add', [grown, constant(draft, numberTensor('float', [1], [1]))]);
  return emit(draft, 'Reciprocal', [divisor]);
}
