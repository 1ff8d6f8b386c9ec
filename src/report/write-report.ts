/** The page of a run and its report for a pull request, from what lies in the run's folder. */

import path from 'node:path';
import { readRun } from '../batch/read-run.js';
import type { BatchDocument } from '../batch/results.js';
import { type RunFolder, runFolder } from '../batch/run-folder.js';
import { writeWhole } from '../rows/write-whole.js';
import { type PackedBlock, packDetails, pageMaker } from './html.js';
import { markdownReport } from './markdown.js';
import type { ModelDetail, ModelRow } from './page/data.js';
import { modelDetail, modelRow } from './page-data.js';
import { readEvidence } from './read-evidence.js';

export interface WrittenReport {
  html: string;
  markdown: string;
  /** Of the page. */
  bytes: number;
  run: BatchDocument['run'];
}

/** Characters of JSON in a block: about what opening one model unpacks. */
const BLOCK = 128 * 1024;

/** Writes `report.html` and `report.md`, into the run's folder when no file is named. Throws FILE_NOT_FOUND. */
export async function writeReport(folder: RunFolder | string, file?: string): Promise<WrittenReport> {
  const run = typeof folder === 'string' ? runFolder(folder) : folder;
  const html = file ?? run.page;
  const markdown = path.join(path.dirname(html), `${path.parse(html).name}.md`);
  const [document, makePage] = await Promise.all([readRun(run.root), pageMaker()]);
  const { rows, blocks } = await collect(run, document);
  const page = makePage({ summary: { run: document.run, rows, live: false }, blocks });
  await writeWhole(html, page);
  await writeWhole(markdown, markdownReport(document));
  return { html, markdown, bytes: Buffer.byteLength(page), run: document.run };
}

/** One model after the other, so that a run's evidence is never in memory as a whole. */
async function collect(
  folder: RunFolder,
  { results }: BatchDocument,
): Promise<{ rows: ModelRow[]; blocks: PackedBlock[] }> {
  const rows: ModelRow[] = [];
  const blocks: PackedBlock[] = [];
  let gathered: ModelDetail[] = [];
  let length = 0;
  const close = async () => {
    if (gathered.length > 0) blocks.push(await packDetails(gathered));
    gathered = [];
    length = 0;
  };
  for (const result of results) {
    const detail = modelDetail(result, await readEvidence(folder, result.name));
    const size = JSON.stringify(detail).length;
    if (length + size > BLOCK) await close();
    gathered.push(detail);
    length += size;
    rows.push({ ...modelRow(result), block: blocks.length });
  }
  await close();
  return { rows, blocks };
}
