/** What a run leaves for people and for CI beside its results: the page, the report for a pull request, junit.xml. */

import { readFile } from 'node:fs/promises';
import type { BatchDocument } from '../batch/results.js';
import type { RunFolder } from '../batch/run-folder.js';
import { writeWhole } from '../files/write-whole.js';
import { onGitHubActions, tellGitHub } from './github.js';
import { junitXml } from './junit.js';
import { type WrittenReport, writeReport } from './write-report.js';

/** `zoo`: the folder that sources are relative to. On GitHub Actions it also annotates, and fills the step's summary. */
export async function writeOutputs(folder: RunFolder, document: BatchDocument, zoo: string): Promise<WrittenReport> {
  await writeWhole(folder.junit, junitXml(document));
  const report = await writeReport(folder);
  if (onGitHubActions()) await tellGitHub(document, { zoo, summary: await readFile(report.markdown, 'utf8') });
  return report;
}
