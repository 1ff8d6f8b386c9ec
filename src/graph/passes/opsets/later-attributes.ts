/** Attributes that operators got later: exporters write them even where they say what was always so. */

import type { Attribute, Node } from '../../codec/model.js';
import { text } from '../../codec/tensors.js';

interface Later {
  since: number;
  /** Whether a value means what older versions do. */
  usual: (attribute: Attribute) => boolean;
}

const isInt =
  (wanted: number) =>
  (attribute: Attribute): boolean =>
    attribute.type === 'int' && Number(attribute.value) === wanted;
const isText =
  (wanted: string) =>
  (attribute: Attribute): boolean =>
    attribute.type === 'string' && text(attribute.value) === wanted;
const areOnes = (attribute: Attribute): boolean =>
  attribute.type === 'ints' && attribute.value.every((value) => Number(value) === 1);

const LAYOUT: Record<string, Later> = { layout: { since: 14, usual: isInt(0) } };
const ROUNDING: Record<string, Later> = { saturate: { since: 19, usual: isInt(1) } };

const LATER: Record<string, Record<string, Later>> = {
  AveragePool: { ceil_mode: { since: 10, usual: isInt(0) }, dilations: { since: 19, usual: areOnes } },
  BatchNormalization: { training_mode: { since: 14, usual: isInt(0) } },
  Cast: ROUNDING,
  CastLike: ROUNDING,
  DepthToSpace: { mode: { since: 11, usual: isText('DCR') } },
  GRU: LAYOUT,
  GatherND: { batch_dims: { since: 12, usual: isInt(0) } },
  LSTM: LAYOUT,
  MaxPool: {
    storage_order: { since: 8, usual: isInt(0) },
    ceil_mode: { since: 10, usual: isInt(0) },
    dilations: { since: 10, usual: areOnes },
  },
  RNN: LAYOUT,
  Reshape: { allowzero: { since: 14, usual: isInt(0) } },
  Resize: {
    antialias: { since: 18, usual: isInt(0) },
    keep_aspect_ratio_policy: { since: 18, usual: isText('stretch') },
    axes: { since: 18, usual: () => false },
  },
  Shape: { start: { since: 15, usual: isInt(0) }, end: { since: 15, usual: () => false } },
};

/** Takes away the attributes that an older version does not have; false when one of them says something else than usual. */
export function withoutLater(node: Node, version: number, dry: boolean): boolean {
  const later = Object.entries(LATER[node.op] ?? {}).filter(([, { since }]) => since > version);
  for (const [name, { usual }] of later) {
    const attribute = node.attributes.get(name);
    if (attribute !== undefined && !usual(attribute)) return false;
  }
  if (!dry) for (const [name] of later) node.attributes.delete(name);
  return true;
}
