/** Runs as their documents: what the tests of `junit.xml` and of GitHub's annotations begin with. */

import { type BatchDocument, batchDocumentSchema, type ModelResult } from '../../src/batch/results.js';

export type Given = Partial<ModelResult> & { name: string };

/** Held to the schema, so that no test rests on a document that there can't be. */
export function run(models: Given[], zoo = 'models'): BatchDocument {
  const results = models.map(result);
  const counted = (status: ModelResult['status']) => results.filter((each) => each.status === status).length;
  return batchDocumentSchema.parse({
    schema: 1,
    run: {
      zoo,
      started: '2026-11-28T06:00:00.000Z',
      seconds: 12.5,
      finished: true,
      executor: 'local',
      jobs: 2,
      predictable: '0.1.0',
      totals: {
        models: results.length,
        converted: counted('converted'),
        cached: counted('cached'),
        failed: counted('failed'),
        skipped: counted('skipped'),
      },
    },
    results,
  });
}

export function failed(name: string, message = `${name} does not agree`): Given {
  return { name, status: 'failed', error: { code: 'VERIFICATION_FAILED', message, hint: 'Look at the worst rows.' } };
}

function result(given: Given): ModelResult {
  return {
    source: `${given.name}.joblib`,
    status: 'converted',
    converter: 'sklearn',
    format: 'sklearn-joblib',
    target: 'sql-edge',
    warnings: [],
    tags: [],
    attempts: 1,
    elapsed: 1234.4,
    ...given,
  };
}
