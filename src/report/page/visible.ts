/**
 * Text of others (names, columns, messages of libraries) as it is safe to show: what is not seen is spelled out, and no line of
 * it is a command to a CI server. Used by every way out: text, JSON, progress, annotations, junit.xml, report.md and the page.
 */

/** What a terminal obeys, what changes how other characters are shown, and what is not shown itself; but line breaks and tabs. */
const UNSEEN = /[^\P{Cc}\t\n]|[\p{Cf}\p{Zl}\p{Zp}\p{Cs}]|[\u115f\u1160\u3164\uffa0]|[\u{e0100}-\u{e01ef}]/gu;

/** Text of one or more lines that reads as it is: such characters are spelled out, `\u202e`. */
export function visible(text: string): string {
  return text.replaceAll(UNSEEN, spelled);
}

/** The same for what is one line, as a name or a table's cell: its line breaks are spelled out, too. */
export function inLine(text: string): string {
  return visible(text).replaceAll('\n', spelled);
}

/** Text in which these names, which may have line breaks of their own, stand as one line. */
export function withNamesInLine(text: string, names: Iterable<string>): string {
  let said = text;
  for (const name of names) if (name.includes('\n')) said = said.replaceAll(name, inLine(name));
  return said;
}

function spelled(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16);
  return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`;
}

/** Azure Pipelines looks for `##vso[` and `##[` anywhere in a line, GitHub's runner for the latter; TeamCity has `##teamcity[`. */
const BRACKETED = /#(?=#[\w.-]*\[)/g;
/** GitHub's runner looks for `::` after the blanks that a line begins with. */
const LEADING = /^[^\S\n]*:(?=:)/gm;
/** The same commands within a line: whoever cuts lines may leave one at a beginning. */
const WITHIN =
  /:(?=:(?:error|warning|notice|debug|group|endgroup|echo|add-mask|add-matcher|remove-matcher|add-path|save-state|set-env|set-output|stop-commands)\b)/gi;

/** Text that a step of a CI server may print: a blank breaks what would be a command, `## vso[…]`. */
export function withoutCommands(text: string): string {
  return text.replaceAll(BRACKETED, '# ').replaceAll(LEADING, '$& ').replaceAll(WITHIN, ': ');
}

/** Both at once, for text that may have several lines. */
export function forReaders(text: string): string {
  return withoutCommands(visible(text));
}

/** JSON that reads as the same value and has nothing unseen in it, nor what would be a command: `#\u0023vso[`, `:\u003a`. */
export function jsonForReaders(value: unknown, indent?: number): string {
  // Outside of strings JSON has none of these characters.
  return JSON.stringify(value, null, indent)
    .replaceAll(UNSEEN, escapes)
    .replaceAll(/(?<=#)#/g, '\\u0023')
    .replaceAll(/(?<=:):/g, '\\u003a');
}

/** Beyond 0xffff JSON takes two escapes. */
function escapes(character: string): string {
  return [...Array(character.length).keys()]
    .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`)
    .join('');
}
