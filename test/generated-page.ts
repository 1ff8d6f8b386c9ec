/** Pages of the documentation that tests write: what they state is what was measured. */

import { readFile, writeFile } from 'node:fs/promises';
import { expect } from 'vitest';

/** Holds a page to what it should say; `UPDATE_DOCS=1` writes it instead. */
export async function expectPage(name: string, text: string): Promise<void> {
  const page = new URL(`../docs/${name}`, import.meta.url);
  if (process.env.UPDATE_DOCS === '1') await writeFile(page, text);
  expect(await readFile(page, 'utf8').catch(() => ''), `docs/${name}: write it again with UPDATE_DOCS=1`).toBe(text);
}

/** A Markdown table. */
export function markdownTable(headings: string[], rows: string[][]): string {
  const line = (cells: string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  return [line(headings), line(headings.map(() => '---')), ...rows.map(line)].join('\n');
}
