/** The page of a run and its report for a pull request, from what lies in the run's folder. */

import { readRun } from '../batch/read-run.js';
import type { Run } from '../batch/results.js';
import { markdownBeside, type RunFolder, runFolder } from '../batch/run-folder.js';
import { mustBeOurs } from '../convert/own-files.js';
import { mustNotBeInputs } from '../files/inputs.js';
import { writeWhole } from '../files/write-whole.js';
import { collectModels } from './collect.js';
import { pageMaker } from './html.js';
import { markdownReport } from './markdown.js';

export interface WrittenReport {
  html: string;
  markdown: string;
  /** Of the page. */
  bytes: number;
  run: Run;
}

/**
 * Writes `report.html` and `report.md`, into the run's folder when no file is named; also of a run that goes on or was
 * killed. Throws FILE_NOT_FOUND for a folder without a run.
 */
export async function writeReport(folder: RunFolder | string, file?: string): Promise<WrittenReport> {
  const there = typeof folder === 'string' ? runFolder(folder) : folder;
  const html = file ?? there.page;
  const markdown = markdownBeside(html);
  await mustNotBeInputs([html, markdown], [there.results, there.journal]);
  // The page is what was asked for; the report beside it is not.
  if (file !== undefined) await mustBeOurs([markdown]);
  const [document, makePage] = await Promise.all([readRun(there.root), pageMaker()]);
  const { run, results } = document;
  const { rows, blocks } = await collectModels(there, results);
  const page = makePage({ summary: { run, rows, live: false }, blocks });
  await writeWhole(html, page);
  await writeWhole(markdown, markdownReport(document));
  return { html, markdown, bytes: Buffer.byteLength(page), run };
}
