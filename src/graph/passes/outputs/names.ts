/** Names of output columns: the converter's, or the raw output's; none equal to another or to an input, ignoring case. */

import { PredictableError } from '../../../errors.js';
import type { Draft, OutputPlan } from '../../draft.js';
import { goodName } from '../../good-name.js';
import { topNames } from './top.js';

/** One list per output, in order. Throws USAGE when `outputs` asks for a column that there is not. */
export function nameOutputs(draft: Draft, widths: number[], top: OutputPlan | null): string[][] {
  const names = allNames(draft, widths, top);
  refuseUnknown(draft, names);
  for (const [index, output] of draft.outputs.entries()) {
    if (names[index]?.some((name) => isWanted(draft, output, name))) keepOriginalName(draft, output, names[index]);
  }
  return names;
}

/** `--outputs` names columns, or an output as a whole. */
export function isWanted(draft: Draft, output: OutputPlan, column: string): boolean {
  const { outputs } = draft.options;
  return outputs === undefined || outputs.includes(column) || wholeNames(output).some((name) => outputs.includes(name));
}

function wholeNames({ rawOutput, frameworkName }: OutputPlan): string[] {
  const name = frameworkName ?? rawOutput;
  return [rawOutput, name, goodName(name, 'output')];
}

/** Names of the columns that an output has without `--top`. */
export function plainNames({ names, rawOutput }: OutputPlan, width: number): string[] {
  const base = goodName(rawOutput, 'output');
  return names ?? (width === 1 ? [base] : Array.from({ length: width }, (_, at) => `${base}_${at + 1}`));
}

function allNames(draft: Draft, widths: number[], top: OutputPlan | null): string[][] {
  const taken = new Set(draft.columns.map(({ name }) => name.toLowerCase()));
  return draft.outputs.map((output, index) => {
    const wanted = output === top ? topNames(output, draft.options.top ?? 1) : plainNames(output, widths[index] ?? 1);
    return wanted.map((name) => unique(draft, name, taken));
  });
}

/** Whether `--outputs` leaves an output to choose from for `--top`. */
export function isNamed(draft: Draft, output: OutputPlan): boolean {
  const { outputs, top = 1 } = draft.options;
  if (outputs === undefined) return true;
  return [...wholeNames(output), ...topNames(output, top)].some((name) => outputs.includes(name));
}

function refuseUnknown(draft: Draft, names: string[][]): void {
  const known = new Set(names.flat());
  const whole = new Set(draft.outputs.flatMap(wholeNames));
  const unknown = draft.options.outputs?.filter((name) => !known.has(name) && !whole.has(name)) ?? [];
  if (unknown.length > 0 || draft.options.outputs?.length === 0) {
    throw new PredictableError(
      'USAGE',
      `The model has no output ${unknown.map((name) => `"${name}"`).join(', ') || 'left'}.`,
      {
        hint: `Its outputs are: ${[...known].join(', ')}.`,
      },
    );
  }
}

function keepOriginalName(draft: Draft, output: OutputPlan, columns: string[]): void {
  const { frameworkName } = output;
  if (frameworkName === null) return;
  const name = columns.length === 1 ? (columns[0] ?? '') : goodName(frameworkName, 'output');
  if (name !== frameworkName) draft.originalNames.set(name, frameworkName);
}

function unique(draft: Draft, wanted: string, taken: Set<string>): string {
  let name = wanted;
  for (let count = 2; taken.has(name.toLowerCase()); count += 1) name = `${wanted}_${count}`;
  taken.add(name.toLowerCase());
  if (name !== wanted) {
    draft.warnings.push({
      code: 'OUTPUT_RENAMED',
      message: `Output "${wanted}" is called "${name}", since another column has that name in SQL.`,
    });
  }
  return name;
}
