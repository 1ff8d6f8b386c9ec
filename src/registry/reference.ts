/** Names of models, versions and aliases as the user writes them: `name`, `name@3`, `name@alias`. */

import { PredictableError } from '../errors.js';
import type { ModelReference } from './registry.js';

/** What every registry's columns hold: nvarchar(128) is also SQL Server's longest identifier. */
const LONGEST_NAME = 128;

/** Throws USAGE when it is none of the three forms. */
export function parseReference(text: string): ModelReference {
  const at = text.indexOf('@');
  if (at < 0) return { name: checkText(text, 'a model') };
  const name = checkText(text.slice(0, at), 'a model');
  const rest = text.slice(at + 1);
  if (!isNumber(rest)) return { name, alias: checkText(rest, 'an alias') };
  const version = Number(rest);
  if (version >= 1 && Number.isSafeInteger(version)) return { name, version };
  throw new PredictableError('USAGE', `${text}: versions start at 1`, { hint: 'Write name@1, name@alias or name.' });
}

/** The text that parseReference reads as this. */
export function formatReference({ name, version, alias }: ModelReference): string {
  if (version !== undefined) return `${name}@${version}`;
  return alias === undefined ? name : `${name}@${alias}`;
}

/** The name itself, or USAGE for one that nothing new may have. */
export function checkName(name: string): string {
  return checkText(name, 'a model', complaintAboutNew);
}

/** The alias itself, or USAGE for one that nothing new may have; a number would be taken for a version. */
export function checkAlias(alias: string): string {
  if (!isNumber(alias)) return checkText(alias, 'an alias', complaintAboutNew);
  throw new PredictableError('USAGE', `${alias} cannot be an alias: it would be taken for a version`, {
    hint: 'Use a word, e.g. production.',
  });
}

function checkText(text: string, what: string, complaintAbout = complaint): string {
  const reason = complaintAbout(text);
  if (reason === null) return text;
  throw new PredictableError('USAGE', `${JSON.stringify(text)} cannot be the name of ${what}: ${reason}`, {
    hint: 'Write name, name@3 or name@alias.',
  });
}

/** Why this cannot become a name in a registry; null when it can. */
export function complaintAboutNew(text: string): string | null {
  return text.startsWith('-') ? 'it begins with -, as options do' : complaint(text);
}

/** Why this is no name in any registry; null when it may be one. */
function complaint(text: string): string | null {
  if (text === '') return 'it is empty';
  if (text.length > LONGEST_NAME) return `it is longer than ${LONGEST_NAME} characters`;
  if (text.includes('@')) return 'it has an @';
  if (text !== text.trim()) return 'it begins or ends with a blank';
  return /\p{Cc}/u.test(text) ? 'it has a control character' : null;
}

function isNumber(text: string): boolean {
  return /^\d+$/.test(text);
}
