/** What lies where in a run's folder. */

import path from 'node:path';
import { writeWhole } from '../files/write-whole.js';
import type { BatchDocument } from './results.js';

export interface RunFolder {
  root: string;
  /** One line a finished model, appended. */
  journal: string;
  /** `<name>.onnx` and `<name>.json`. */
  models: string;
  /** `<name>.json`: what the page shows of a model beside its document. */
  evidence: string;
  results: string;
  /** For people; beside it, under the same stem, a report in Markdown. */
  page: string;
  junit: string;
  /** What only lasts while the run does. */
  scratch: string;
  /** Held by whoever works here. */
  lock: string;
}

export function runFolder(root: string): RunFolder {
  return {
    root,
    journal: path.join(root, 'journal.jsonl'),
    models: path.join(root, 'models'),
    evidence: path.join(root, 'evidence'),
    results: path.join(root, 'results.json'),
    page: path.join(root, 'report.html'),
    junit: path.join(root, 'junit.xml'),
    scratch: path.join(root, '.scratch'),
    lock: path.join(root, '.lock'),
  };
}

/** The report in Markdown that belongs to a page. */
export function markdownBeside(page: string): string {
  return path.join(path.dirname(page), `${path.parse(page).name}.md`);
}

/** What is written when the run has ended. */
export function documentsOf({ results, page, junit }: RunFolder): string[] {
  return [results, page, markdownBeside(page), junit];
}

export function writeResults({ results }: RunFolder, document: BatchDocument): Promise<void> {
  return writeWhole(results, `${JSON.stringify(document)}\n`);
}
