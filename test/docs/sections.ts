/** Pages of the documentation, taken apart for the tests that hold them to the program. */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../../src/paths.js';

/** `name` is a path from the project's folder. */
export function page(name: string): string {
  return readFileSync(path.join(packageRoot, name), 'utf8');
}

/** A section with its subsections, by its heading. Throws where there is none. */
export function section(text: string, heading: string): string {
  const level = /^#+/.exec(heading)?.[0] ?? '';
  const start = text.indexOf(`\n${heading}\n`);
  if (level === '' || start < 0) throw new Error(`there is no section ${heading}`);
  const rest = text.slice(start + heading.length + 2);
  const end = rest.search(new RegExp(`^#{1,${level.length}} `, 'm'));
  return end < 0 ? rest : rest.slice(0, end);
}

export interface Example {
  /** Without its `$ `. */
  command: string;
  /** What the page says that it prints. */
  output: string[];
}

/** The indented examples: `$ command`, and the lines that it prints. */
export function examples(text: string): Example[] {
  const found: Example[] = [];
  let open = false;
  for (const line of text.split('\n')) {
    const command = /^ {4}\$ (.*)$/.exec(line)?.[1];
    if (command !== undefined) found.push({ command, output: [] });
    else if (open && line.startsWith('    ')) found.at(-1)?.output.push(line.slice(4));
    open = command !== undefined || (open && line.startsWith('    '));
  }
  return found;
}

/** The fenced blocks of a language. */
export function fenced(text: string, language: string): string[] {
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(
    ([, block = '']) => block,
  );
}

/** Whether a line that was printed is the one of the page, where `…` stands for anything. */
export function isLine(printed: string, written: string): boolean {
  const pattern = written
    .split('…')
    .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${pattern}$`).test(printed);
}
