/** Files as a run that nothing disturbed leaves them: which there are, and whether one is all there. */

import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Every file below, by its path; what lies within an environment or a runtime counts as one. */
export function filesOf(root: string): string[] {
  const found: string[] = [];
  const visit = (folder: string) => {
    for (const name of readdirSync(path.join(root, folder)).sort()) {
      const at = path.posix.join(folder, name);
      if (!lstatSync(path.join(root, at)).isDirectory()) found.push(at);
      else if (MADE_ONCE.test(at)) found.push(`${at}/`);
      else visit(at);
    }
  };
  visit('');
  return found;
}

/** Folders of a cache that are renamed into place. */
const MADE_ONCE = /^cache\/(?:environments|runtimes|pip)\/[^/]+$/;

/** Beside an output, while it is written. */
const DRAFT = /(?:^|\/)\.predictable-[^/]*$|\.wal$/;
/** What a run of a zoo keeps while it goes on, and appends to. */
const OF_A_RUN = /^work\/made\/run\/(?:journal\.jsonl|\.lock|\.scratch\/.*)$/;
const TEMPORARY = /^tmp\//;

/** Why a file that is there may not be: it is neither what it was before, nor whole, nor on its way. Undefined where it may. */
export function brokenFile(file: string, now: string, before: string, after: string): string | undefined {
  if (DRAFT.test(file) || OF_A_RUN.test(file) || TEMPORARY.test(file) || file.startsWith('cache/')) return undefined;
  const content = contentOf(now, file);
  const was = contentOf(before, file);
  if (was !== undefined && content?.equals(was)) return undefined;
  // What a registry holds is asked of the registry.
  if (file.endsWith('.duckdb')) return undefined;
  const made = contentOf(after, file);
  if (made === undefined) return `${file} is nothing that the command writes`;
  return content !== undefined && alike(file, content, made) ? undefined : `${file} is neither old nor whole`;
}

/** Byte for byte where nothing of the moment is written down; text may differ in its numbers, and has the same end. */
function alike(file: string, content: Buffer, made: Buffer): boolean {
  if (content.equals(made)) return true;
  switch (path.extname(file)) {
    case '.json':
      return parses(content);
    case '.html':
    case '.md':
    case '.xml':
    case '.sql':
      return lastLine(content) === lastLine(made);
    default:
      return false;
  }
}

function parses(content: Buffer): boolean {
  try {
    return JSON.parse(content.toString()) !== null;
  } catch {
    return false;
  }
}

const lastLine = (content: Buffer) =>
  content
    .toString()
    .trimEnd()
    .split('\n')
    .at(-1)
    ?.replaceAll(/[\d.,]+/g, '#');

function contentOf(root: string, file: string): Buffer | undefined {
  try {
    return readFileSync(path.join(root, file));
  } catch {
    return undefined;
  }
}
