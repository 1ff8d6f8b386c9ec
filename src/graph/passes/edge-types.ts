/** What an element type becomes at the edge of a columnar graph, which has four; a type that is not here is refused. */

import type { ColumnType } from '../../signature.js';
import type { ElementType } from '../codec/model.js';

type EdgeTypes = Partial<Record<ElementType, ColumnType>>;

const NUMBERS: EdgeTypes = {
  float: 'float',
  double: 'double',
  int32: 'int32',
  int64: 'int64',
  float16: 'float',
  int8: 'int32',
  uint8: 'int32',
  int16: 'int32',
  uint16: 'int32',
  uint32: 'int64',
};

/** Text comes in as the codes of a dictionary. */
export const INPUT_TYPES: EdgeTypes = { ...NUMBERS, bool: 'int32', string: 'int64' };

/** A bool label goes out as what it is in Python's arithmetic: 0 or 1. Text is codes by then. */
export const OUTPUT_TYPES: EdgeTypes = { ...NUMBERS, bool: 'int64' };
