import { expect, it } from 'vitest';
import * as api from '../src/index.js';

it('exports this list, and nothing by accident', () => {
  expect(Object.keys(api).sort()).toEqual(
    [
      'Converters',
      'ERROR_CODES',
      'OnnxModel',
      'Predictions',
      'PredictableError',
      'TARGETS',
      'TrainedModel',
      'applySql',
      'checkedRuntimes',
      'convertAll',
      'convertModel',
      'demo',
      'detect',
      'diagnose',
      'diffVersions',
      'downloadWheels',
      'ensureEnvironment',
      'inspect',
      'normalizeFile',
      'openRegistry',
      'parseReference',
      'readManifests',
      'readModel',
      'readOnnx',
      'readSignature',
      'readTable',
      'readTrustLock',
      'registerFile',
      'renderPredict',
      'renderSql',
      'score',
      'scoringModel',
      'surveyConverters',
      'verifyAgainst',
      'writeTrustLock',
    ].sort(),
  );
});
