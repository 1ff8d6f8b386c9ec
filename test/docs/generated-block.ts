/** Parts of pages that tests write into prose: what they state is what the program has. */

import { readFile, writeFile } from 'node:fs/promises';
import { expect } from 'vitest';

/** Holds a part of `docs/<name>` to what it should say; `UPDATE_DOCS=1` writes it instead. */
export async function expectBlock(name: string, part: string, text: string): Promise<void> {
  const file = new URL(`../../docs/${name}`, import.meta.url);
  const [start, end] = [`<!-- generated: ${part} -->\n`, '<!-- end -->'];
  const page = await readFile(file, 'utf8');
  const from = page.indexOf(start) + start.length;
  const to = page.indexOf(end, from);
  expect(page, `docs/${name} has no part ${part}`).toContain(start);
  expect(to, `the part ${part} of docs/${name} has no end`).toBeGreaterThanOrEqual(from);
  if (process.env.UPDATE_DOCS === '1') await writeFile(file, `${page.slice(0, from)}${text}\n${page.slice(to)}`);
  const now = await readFile(file, 'utf8');
  expect(now.slice(from, now.indexOf(end, from)), `docs/${name}: write ${part} again with UPDATE_DOCS=1`).toBe(
    `${text}\n`,
  );
}
