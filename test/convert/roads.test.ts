import { describe, expect, it } from 'vitest';
import type { ConvertedModel } from '../../src/convert/converted-model.js';
import { byFirstRoad } from '../../src/convert/roads.js';
import type { ConverterManifest, Road } from '../../src/converters/manifest.js';
import { type ErrorCode, PredictableError } from '../../src/errors.js';

const manifest = { roads: [{ id: 'short' }, { id: 'long' }, { id: 'far', converter: 'other' }] } as ConverterManifest;

type Outcome = 'passed' | 'failed' | ErrorCode | PredictableError;

/** Takes each road to what it is said to end in, and notes which were taken. */
function roadsTo(outcomes: Record<string, Outcome>): {
  taken: string[];
  take: (road: Road | null) => Promise<ConvertedModel>;
} {
  const taken: string[] = [];
  return {
    taken,
    take: async (road) => {
      const id = road?.id ?? 'only';
      taken.push(id);
      const outcome = outcomes[id] ?? 'passed';
      if (outcome instanceof PredictableError) throw outcome;
      if (outcome !== 'passed' && outcome !== 'failed') throw new PredictableError(outcome, `${id} cannot`);
      const verification = { status: outcome, maxAbsDiff: 0.25 };
      return { sha256: id, verification, warnings: [], provenance: {} } as unknown as ConvertedModel;
    },
  };
}

describe('byFirstRoad', () => {
  it('takes the only way of a converter without roads', async () => {
    const { take, taken } = roadsTo({});
    const model = await byFirstRoad({ ...manifest, roads: undefined }, take);
    expect([taken, model.warnings]).toEqual([['only'], []]);
  });

  it('takes the first that verifies, and says in one warning why the others did not', async () => {
    const { take, taken } = roadsTo({ short: 'UNSUPPORTED_OPERATOR', long: 'failed' });
    const model = await byFirstRoad(manifest, take);
    expect(taken).toEqual(['short', 'long', 'far']);
    expect(model.provenance.road).toBe('far');
    expect(model.warnings).toEqual([
      {
        code: 'OTHER_ROAD',
        message:
          'converted by way of far, since short: short cannot; long: does not predict the same (max difference 0.25)',
      },
    ]);
  });

  it('says nothing of a road that is for other files', async () => {
    const other = new PredictableError('UNSUPPORTED_MODEL', 'not for this', { next: 'other-road' });
    const model = await byFirstRoad(manifest, roadsTo({ short: other }).take);
    expect([model.sha256, model.warnings]).toEqual(['long', []]);
  });

  it('never hides an answer about the file itself behind another road', async () => {
    for (const code of ['UNTRUSTED_ARTIFACT', 'MISSING_COLUMNS', 'CANCELLED', 'TOO_MANY_COLUMNS'] as const) {
      const { take, taken } = roadsTo({ short: code });
      await expect(byFirstRoad(manifest, take)).rejects.toMatchObject({ code });
      expect(taken).toEqual(['short']);
    }
    const known = new PredictableError('UNSUPPORTED_MODEL', 'text', { next: 'nothing' });
    const { take, taken } = roadsTo({ short: known });
    await expect(byFirstRoad(manifest, take)).rejects.toBe(known);
    expect(taken).toEqual(['short']);
  });

  it('is a model that does not verify when no road leads to one that does, and else the first error', async () => {
    const failed = await byFirstRoad(
      manifest,
      roadsTo({ short: 'CONVERTER_FAILED', long: 'failed', far: 'PYTHON_NOT_FOUND' }).take,
    );
    expect([failed.sha256, failed.verification.status]).toEqual(['long', 'failed']);
    const lost = roadsTo({ short: 'INFERENCE_FAILED', long: 'UNSUPPORTED_MODEL', far: 'ENVIRONMENT_FAILED' });
    await expect(byFirstRoad(manifest, lost.take)).rejects.toMatchObject({ code: 'INFERENCE_FAILED' });
  });
});
