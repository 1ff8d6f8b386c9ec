/** A converter with several ways from model to graph: the first that verifies is taken, and what the others said is told. */

import type { ConverterManifest, Road } from '../converters/manifest.js';
import { type ErrorCode, PredictableError } from '../errors.js';
import type { ConvertedModel } from './converted-model.js';

/** What another way may do better; everything else is about the file, the sample or the machine. */
const GIVES_WAY = new Set<ErrorCode>([
  'UNSUPPORTED_MODEL',
  'UNSUPPORTED_OPERATOR',
  'OPSET_TOO_NEW',
  'CONVERTER_FAILED',
  'CONVERTER_CRASHED',
  'INFERENCE_FAILED',
  'VERIFICATION_FAILED',
]);

/** For a road that leads into another environment, which may not be to be had. */
const MISSING_ENVIRONMENT = new Set<ErrorCode>(['PYTHON_NOT_FOUND', 'ENVIRONMENT_FAILED']);

interface Failure {
  road: Road;
  said: string;
  /** It is no road for files like this. */
  notMeant: boolean;
}

/**
 * Throws what the first road threw when none leads anywhere; a model that does not verify is returned as that, when no
 * other does either.
 */
export async function byFirstRoad(
  { roads }: ConverterManifest,
  take: (road: Road | null) => Promise<ConvertedModel>,
): Promise<ConvertedModel> {
  if (roads === undefined) return take(null);
  const failures: Failure[] = [];
  let first: PredictableError | undefined;
  let unverified: ConvertedModel | undefined;
  for (const road of roads) {
    try {
      const model = await take(road);
      if (model.verification.status !== 'failed') return withRoad(model, road, failures);
      unverified ??= model;
      const said = `does not predict the same (max difference ${model.verification.maxAbsDiff.toPrecision(2)})`;
      failures.push({ road, said, notMeant: false });
    } catch (error) {
      if (!(error instanceof PredictableError && givesWay(error, road))) throw error;
      failures.push({ road, said: error.message, notMeant: error.next === 'other-road' });
      first ??= error;
    }
  }
  if (unverified !== undefined) return unverified;
  throw first ?? new PredictableError('INTERNAL', 'there was no road to take');
}

/** The converter may know that no way leads further. */
function givesWay({ code, next }: PredictableError, road: Road): boolean {
  if (next === 'nothing') return false;
  return GIVES_WAY.has(code) || (road.converter !== undefined && MISSING_ENVIRONMENT.has(code));
}

function withRoad(model: ConvertedModel, road: Road, failures: Failure[]): ConvertedModel {
  const tried = failures.filter(({ notMeant }) => !notMeant);
  const provenance = { ...model.provenance, road: road.id };
  if (tried.length === 0) return { ...model, provenance };
  const message = `converted by way of ${road.id}, since ${tried.map(({ road: { id }, said }) => `${id}: ${said}`).join('; ')}`;
  return { ...model, provenance, warnings: [...model.warnings, { code: 'OTHER_ROAD', message }] };
}
