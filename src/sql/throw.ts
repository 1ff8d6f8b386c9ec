/** Errors that a script raises by itself, by number. */

import { commentText, quoteText } from '../server/names.js';

/** User-defined errors start at 50000; docs/dba.md lists these. */
export const ERRORS = {
  missing: 50001,
  changed: 50002,
  refused: 50003,
  signature: 50004,
  noTable: 50005,
  inUse: 50006,
  moved: 50007,
} as const;

/** A server's message holds 2,048 characters, and each % takes two. */
const LONGEST_MESSAGE = 1000;

/** THROW must follow a semicolon, and takes a literal or a variable, but no expression. */
export function throwIf(condition: string, error: keyof typeof ERRORS, text: string): string[] {
  return [`IF ${condition}`, throwNow(error, text)];
}

export function throwNow(error: keyof typeof ERRORS, text: string): string {
  return `BEGIN; THROW ${ERRORS[error]}, ${text}, 1; END;`;
}

/** Line breaks are spelled out, so that one literal holds it; THROW takes % for the start of a place-holder. */
export function message(text: string): string {
  return quoteText(plainMessage(text).replaceAll('%', '%%'));
}

/** The message where nothing stands for something else. */
export function plainMessage(text: string): string {
  return commentText(commentText(text).slice(0, LONGEST_MESSAGE));
}
