/** Which code stands for which text within one group. */

import { NULL_CODE, UNKNOWN_CODE } from '../../../signature.js';
import type { ColumnPlan, OutputPlan } from '../../draft.js';
import type { TextUse } from './groups.js';

export interface Codebook {
  codes: Map<string, number>;
  /** Of the group's label outputs. */
  labels: string[];
  /** A text that is in no dictionary, for where the graph must keep text. */
  unknownText: string;
}

/** Codes of texts that only the graph knows: below those that mean unknown and NULL. */
const FIRST_INNER_CODE = Math.min(UNKNOWN_CODE, NULL_CODE) - 1;

/**
 * Labels come first, then the columns' categories in their order, so that a group of one column or one label
 * output has codes that are simply the positions in its dictionary.
 */
export function codebookOf(uses: TextUse[], columns: ColumnPlan[], outputs: OutputPlan[]): Codebook {
  const labels = outputs.length === 0 ? [] : labelsOf(outputs, uses);
  const codes = new Map<string, number>();
  const dictionary = [...labels, ...columns.flatMap(({ category }) => category?.categories ?? [])];
  for (const value of dictionary) if (!codes.has(value)) codes.set(value, codes.size);
  const marks = new Set(columns.flatMap(({ category }) => category?.missingText ?? []));
  const [mark] = marks;
  if (marks.size === 1 && mark !== undefined && !codes.has(mark)) codes.set(mark, NULL_CODE);
  let inner = FIRST_INNER_CODE;
  for (const value of [...marks, ...uses.flatMap(({ values }) => values)]) {
    if (codes.has(value)) continue;
    codes.set(value, inner);
    inner -= 1;
  }
  return { codes, labels, unknownText: unusedText(codes) };
}

function labelsOf(outputs: OutputPlan[], uses: TextUse[]): string[] {
  const given = outputs.find(({ labels }) => labels !== null)?.labels;
  if (given) return given;
  const textsAs = (role: TextUse['role']): string[] =>
    uses.filter((use) => use.role === role).flatMap(({ values }) => values);
  const labels = textsAs('label');
  return [...new Set(labels.length > 0 ? labels : textsAs('constant'))];
}

function unusedText(codes: ReadonlyMap<string, number>): string {
  let text = '\u0001unknown';
  while (codes.has(text)) text += '_';
  return text;
}
