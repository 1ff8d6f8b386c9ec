/** Enough of T-SQL's lexer to see what a server sees: names, texts, comments, and the rest. */

export interface Token {
  kind: 'name' | 'text' | 'comment' | 'other';
  value: string;
}

export function tokens(sql: string): Token[] {
  const found: Token[] = [];
  const pattern =
    /--([^\r\n]*)|\/\*[\s\S]*?\*\/|\[((?:[^\]]|\]\])*)\]|"(?:[^"]|"")*"|N?'((?:[^']|'')*)'|[\w@#$.]+|\s+|[^\s]/gu;
  for (const match of sql.matchAll(pattern)) {
    const [all, comment, name, text] = match;
    if (comment !== undefined) found.push({ kind: 'comment', value: comment });
    else if (name !== undefined) found.push({ kind: 'name', value: name.replaceAll(']]', ']') });
    else if (text !== undefined) found.push({ kind: 'text', value: readText(text) });
    else if (all.trim() !== '') found.push({ kind: 'other', value: all });
  }
  return found;
}

/** Doubled quotes are one, and a backslash before a line break vanishes with it. */
function readText(text: string): string {
  return text.replaceAll("''", "'").replaceAll(/\\\r?\n/g, '');
}
