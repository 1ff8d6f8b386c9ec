/** Operators whose inputs and attributes traded places between opsets, rewritten without a change of meaning. */

import { constant } from '../../build.js';
import type { Node } from '../../codec/model.js';
import {
  float,
  floatOf,
  floatsOf,
  int,
  int64Tensor,
  intOf,
  ints,
  intsOf,
  numbersOf,
  numberTensor,
  string,
  stringOf,
} from '../../codec/tensors.js';
import type { Draft } from '../../draft.js';
import { factsOf } from '../../facts-of.js';
import { sameMeaning, versionAt } from '../../operators/versions.js';
import { withoutTrailing } from '../../walk.js';
import { withoutLater } from './later-attributes.js';

/** The opset from which an attribute became an input. */
const AXES_AS_INPUT: Record<string, { since: number; attribute: string }> = {
  Squeeze: { since: 13, attribute: 'axes' },
  Unsqueeze: { since: 13, attribute: 'axes' },
  ReduceSum: { since: 13, attribute: 'axes' },
  Split: { since: 13, attribute: 'split' },
  ReduceL1: { since: 18, attribute: 'axes' },
  ReduceL2: { since: 18, attribute: 'axes' },
  ReduceLogSum: { since: 18, attribute: 'axes' },
  ReduceLogSumExp: { since: 18, attribute: 'axes' },
  ReduceMax: { since: 18, attribute: 'axes' },
  ReduceMean: { since: 18, attribute: 'axes' },
  ReduceMin: { since: 18, attribute: 'axes' },
  ReduceProd: { since: 18, attribute: 'axes' },
  ReduceSumSquare: { since: 18, attribute: 'axes' },
};

/** From here Softmax works along one axis; before, on everything from that axis on. */
const SOFTMAX_SINCE = 13;
const NEGATIVE_AXIS_SINCE = 11;
const CLIP_INPUTS_SINCE = 11;
const SPLIT_COUNT_SINCE = 18;
const RESIZE_SINCE = 11;
/** Where the regions of interest may be left out. */
const RESIZE_OPTIONAL_SINCE = 13;
const PAD_AXES_SINCE = 18;

/** Rewrites a node from one opset to another; `dry` only says whether that can be done. False when it cannot. */
export function adapt(draft: Draft, node: Node, from: number, to: number, dry = false): boolean {
  const [one, other] = [versionAt(node.domain, node.op, from), versionAt(node.domain, node.op, to)];
  if (one === null || other === null || node.domain !== '') return false;
  if (isOldResize(node, one)) return to >= RESIZE_SINCE && (dry || renewResize(draft, node));
  if (sameMeaning(node.domain, node.op, one, other)) {
    if (node.op === 'Resize' && !adaptResize(draft, node, other, dry)) return false;
    if (node.op === 'Pad' && node.inputs.length > 3 && other < PAD_AXES_SINCE) return false;
    return withoutLater(node, other, dry);
  }
  const moved = AXES_AS_INPUT[node.op];
  if (moved !== undefined) {
    if (one < moved.since && other >= moved.since) return toInput(draft, node, moved.attribute, other, dry);
    if (one >= moved.since && other < moved.since) return toAttribute(draft, node, moved.attribute, dry);
    if (node.op === 'Split') return dry || adjustSplitCount(node, other);
    return one >= moved.since && other >= moved.since;
  }
  if (node.op === 'Clip') return adaptClip(draft, node, one, other, dry);
  if (node.op === 'Softmax' || node.op === 'LogSoftmax') return adaptSoftmax(draft, node, one, other, dry);
  return false;
}

function toInput(draft: Draft, node: Node, attribute: string, version: number, dry: boolean): boolean {
  if (dry) return true;
  const values = intsOf(node, attribute);
  node.attributes.delete(attribute);
  if (values !== null) draft.index.setInputs(node, [node.inputs[0] ?? '', constant(draft, int64Tensor(values))]);
  if (node.op === 'Split') adjustSplitCount(node, version, values !== null);
  return true;
}

function toAttribute(draft: Draft, node: Node, attribute: string, dry: boolean): boolean {
  const name = node.inputs[1] ?? '';
  const tensor = draft.index.constant(name);
  if (name !== '' && tensor === undefined) return false;
  // No axes at all can mean "do nothing", which older versions cannot say.
  if (intOf(node, 'noop_with_empty_axes', 0) === 1 && tensor === undefined) return false;
  if (dry) return true;
  node.attributes.delete('noop_with_empty_axes');
  node.attributes.delete('num_outputs');
  draft.index.setInputs(node, node.inputs.slice(0, 1));
  if (tensor !== undefined) node.attributes.set(attribute, ints(numbersOf(tensor)));
  return true;
}

function adjustSplitCount(node: Node, version: number, sizesGiven = node.inputs.length > 1): boolean {
  if (version >= SPLIT_COUNT_SINCE && !sizesGiven) node.attributes.set('num_outputs', int(node.outputs.length));
  else node.attributes.delete('num_outputs');
  return true;
}

function adaptClip(draft: Draft, node: Node, one: number, other: number, dry: boolean): boolean {
  if (one < CLIP_INPUTS_SINCE && other >= CLIP_INPUTS_SINCE) {
    const element = factsOf(draft).get(node.inputs[0] ?? '')?.element;
    if (element !== 'float' && element !== 'double') return false;
    if (dry) return true;
    const bound = (name: string): string =>
      node.attributes.has(name) ? constant(draft, numberTensor(element, [], [floatOf(node, name, 0)])) : '';
    const bounds = [bound('min'), bound('max')];
    draft.index.setInputs(node, withoutTrailing([node.inputs[0] ?? '', ...bounds]));
    node.attributes.clear();
    return true;
  }
  const bounds = [node.inputs[1] ?? '', node.inputs[2] ?? ''];
  if (other >= CLIP_INPUTS_SINCE || bounds.some((name) => name !== '' && draft.index.constant(name)?.type !== 'float'))
    return false;
  if (dry) return true;
  for (const [index, name] of ['min', 'max'].entries()) {
    const tensor = draft.index.constant(bounds[index] ?? '');
    if (tensor) node.attributes.set(name, float(numbersOf(tensor)[0] ?? 0));
  }
  draft.index.setInputs(node, node.inputs.slice(0, 1));
  return true;
}

/** The two definitions agree on the last axis: all axes before it taken together are rows of that length. */
function adaptSoftmax(draft: Draft, node: Node, one: number, other: number, dry: boolean): boolean {
  const axis = intOf(node, 'axis', one < SOFTMAX_SINCE ? 1 : -1);
  const isLast = axis === -1 || axis + 1 === factsOf(draft).get(node.inputs[0] ?? '')?.shape?.length;
  if (!isLast || other < NEGATIVE_AXIS_SINCE) return false;
  if (!dry) node.attributes.set('axis', int(-1));
  return true;
}

/** Upsample, and the Resize that came before coordinates could be chosen: `asymmetric`, rounded down. */
function isOldResize(node: Node, version: number): boolean {
  return (node.op === 'Upsample' && version >= 7) || (node.op === 'Resize' && version < RESIZE_SINCE);
}

function renewResize(draft: Draft, node: Node): boolean {
  const given = floatsOf(node, 'scales');
  const scales = given ? constant(draft, numberTensor('float', [given.length], given)) : (node.inputs[1] ?? '');
  const none = constant(draft, numberTensor('float', [0], []));
  node.op = 'Resize';
  draft.index.setInputs(node, [node.inputs[0] ?? '', none, scales]);
  node.attributes.delete('scales');
  node.attributes.set('coordinate_transformation_mode', string('asymmetric'));
  node.attributes.set('nearest_mode', string('floor'));
  return true;
}

function adaptResize(draft: Draft, node: Node, version: number, dry: boolean): boolean {
  const mode = stringOf(node, 'coordinate_transformation_mode', 'half_pixel');
  if (mode === 'half_pixel_symmetric' && version < 19) return false;
  if (mode === 'tf_half_pixel_for_nn' && version > 11) return false;
  if (dry || version >= RESIZE_OPTIONAL_SINCE) return true;
  draft.index.setInputs(
    node,
    node.inputs.map((name) => name || constant(draft, numberTensor('float', [0], []))),
  );
  return true;
}
