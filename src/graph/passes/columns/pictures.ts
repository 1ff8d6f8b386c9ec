/** Which inputs are pictures, and which of their axes are height and width. */

import { PredictableError } from '../../../errors.js';
import type { ValueInfo } from '../../codec/model.js';
import type { Draft } from '../../draft.js';
import type { Picture } from '../../picture.js';

/** Grey, colour, and colour with opacity. */
const CHANNELS = [1, 3, 4];

/** Null for inputs that are not [N,H,W,C] or [N,C,H,W], or could be both. */
export function pictureOf(draft: Draft, input: ValueInfo): Picture | null {
  if (input.type.kind !== 'tensor' || input.type.shape?.length !== 4) return null;
  const raw = input.type.shape.slice(1).map((size) => (typeof size === 'number' && size > 0 ? size : null));
  const given = draft.options.facts?.inputs.find(({ tensor }) => tensor === input.name)?.image;
  const axes = given?.axes ?? axesOf(raw);
  if (axes === null) return null;
  const size = given?.size ?? (draft.options.facts ? undefined : draft.options.imageSize);
  const sizes = size ? raw.map((each, at) => size[axes.indexOf(at + 1)] ?? each) : raw;
  return { tensor: input.name, axes: [axes[0] ?? 0, axes[1] ?? 0], raw, sizes };
}

/** Throws USAGE when `--image-size` is asked for and there is no picture, or no telling its height from its channels. */
export function refuseUnknownPictures(draft: Draft, inputs: ValueInfo[]): void {
  if (draft.options.imageSize === undefined || draft.options.facts !== undefined) return;
  const candidates = inputs.filter(({ type }) => type.kind === 'tensor' && type.shape?.length === 4);
  const unclear = candidates.find((input) => pictureOf(draft, input) === null);
  if (candidates.length > 0 && unclear === undefined) return;
  const shape = unclear?.type.kind === 'tensor' ? unclear.type.shape?.map((size) => size ?? '?').join(',') : '';
  throw new PredictableError(
    'USAGE',
    unclear
      ? `which axes of input "${unclear.name}" [${shape}] are height and width cannot be told`
      : 'the model has no picture for --image-size: no input is [N,H,W,C] or [N,C,H,W]',
    { hint: 'It works where exactly one of the first and the last axis has 1, 3 or 4 channels.' },
  );
}

function axesOf(sizes: (number | null)[]): [number, number] | null {
  const [front, , back] = sizes.map((size) => size !== null && CHANNELS.includes(size));
  if (front === back) return null;
  return front ? [2, 3] : [1, 2];
}
