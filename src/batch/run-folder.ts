/** What lies where in a run's folder. */

import path from 'node:path';

export interface RunFolder {
  root: string;
  /** One line a finished model, appended. */
  journal: string;
  /** `<name>.onnx` and `<name>.json`. */
  models: string;
  /** `<name>.json`: what the page shows of a model beside its document. */
  evidence: string;
  results: string;
}

export function runFolder(root: string): RunFolder {
  return {
    root,
    journal: path.join(root, 'journal.jsonl'),
    models: path.join(root, 'models'),
    evidence: path.join(root, 'evidence'),
    results: path.join(root, 'results.json'),
  };
}
