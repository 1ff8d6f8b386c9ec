/** Numbers that go with stacked columns: one a column, [K,1]. */

import { constant } from '../../build.js';
import { numberTensor } from '../../codec/tensors.js';
import type { Draft } from '../../draft.js';

export type Real = 'float' | 'double';

export function columnConstant(draft: Draft, type: Real, values: number[]): string {
  return constant(draft, numberTensor(type, [values.length, 1], values));
}
