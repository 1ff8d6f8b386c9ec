/** A smaller picture made as large as the network wants it: linear between the centres of pixels, borders repeated. */

import { constant, emit, opset } from '../../build.js';
import { int, int64Tensor, ints, numberTensor, string } from '../../codec/tensors.js';
import type { Draft } from '../../draft.js';
import type { Picture } from '../../picture.js';

/** Before, the inputs that are not used have to be there, empty. */
const OPTIONAL_SINCE = 13;

/** The picture in the raw size; as it is where the network takes any size, or the size is the same. */
export function resize(draft: Draft, tensor: string, { raw, sizes, axes }: Picture): string {
  if (raw.every((size, at) => size === null || size === sizes[at])) return tensor;
  // ONNX Runtime's kernel on a CPU is linear along the last two axes only.
  const isLast = axes[0] === 2 && axes[1] === 3;
  const turned = isLast ? tensor : emit(draft, 'Transpose', [tensor], { perm: ints([0, 3, 1, 2]) });
  const height = raw[axes[0] - 1] ?? 0;
  const width = raw[axes[1] - 1] ?? 0;
  const channels = raw[isLast ? 0 : 2] ?? 0;
  // Sizes, not factors: 25 × 8.96 in float32 may come out below 224.
  const rows = emit(draft, 'Gather', [emit(draft, 'Shape', [turned]), constant(draft, int64Tensor([0]))], {
    axis: int(0),
  });
  const wanted = emit(draft, 'Concat', [rows, constant(draft, int64Tensor([channels, height, width]))], {
    axis: int(0),
  });
  const unused = opset(draft) >= OPTIONAL_SINCE ? '' : constant(draft, numberTensor('float', [0], []));
  const large = emit(draft, 'Resize', [turned, unused, unused, wanted], {
    mode: string('linear'),
    coordinate_transformation_mode: string('half_pixel'),
  });
  return isLast ? large : emit(draft, 'Transpose', [large], { perm: ints([0, 2, 3, 1]) });
}
