/** Text of YAML that nests deeply takes its parser minutes, and then the stack: it is counted before it is parsed. */

const DEEPEST = 100;

/** Indentation of a level is one blank at least; a line of lists within lists has a dash a level. */
const LINE = /^( *)((?:[-?] +)*)/gm;

/** Throws an Error for a text that opens more levels than a person would write. */
export function mustBeShallow(text: string): void {
  if (deepestFlow(text) > DEEPEST || deepestBlock(text) > DEEPEST)
    throw new Error(`it nests more than ${DEEPEST} deep`);
}

/** Brackets that are open at once; those in quotes count, too. */
function deepestFlow(text: string): number {
  let [open, deepest] = [0, 0];
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    open += bracket === '[' || bracket === '{' ? 1 : -1;
    deepest = Math.max(deepest, open);
    // What closes nothing is text.
    open = Math.max(open, 0);
  }
  return deepest;
}

function deepestBlock(text: string): number {
  const open: number[] = [];
  let deepest = 0;
  for (const [, blanks = '', dashes = ''] of text.matchAll(LINE)) {
    while ((open.at(-1) ?? -1) >= blanks.length) open.pop();
    open.push(blanks.length);
    for (const { index } of dashes.matchAll(/[-?]/g)) if (index > 0) open.push(blanks.length + index);
    deepest = Math.max(deepest, open.length);
  }
  return deepest;
}
