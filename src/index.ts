/** The public API. Everything that the command line does is here; a test holds the list. */

export { type Capacity, capacity } from './batch/capacity.js';
export { RayExecutor, type RayOptions } from './batch/ray/ray-executor.js';
export { readRun } from './batch/read-run.js';
export { type Register, registering } from './batch/registering.js';
export type { BatchDocument, ModelResult, Run } from './batch/results.js';
export { type BatchOptions, type BatchOutcome, runBatch } from './batch/run.js';
export { type RunFolder, runFolder } from './batch/run-folder.js';
export { readZoo } from './batch/zoo/read-zoo.js';
export type { ModelOptions, Zoo, ZooModel } from './batch/zoo/zoo.js';
export { type ConvertOptions, convertModel } from './convert/convert.js';
export { type ConvertAllOptions, convertAll } from './convert/convert-all.js';
export type { ConvertedModel } from './convert/converted-model.js';
export { Converters, type ConvertersOptions } from './convert/converters.js';
export type { Conversion } from './convert/document.js';
export type { CallOptions, ConverterPool, Executor, ReadyConverter } from './convert/executor.js';
export { type NormalizeFileOptions, normalizeFile } from './convert/normalize-file.js';
export { type VerifyOptions, verifyAgainst } from './convert/verify-against.js';
export { type ConverterManifest, environmentOf, readManifests } from './converters/manifest.js';
export { type DemoOptions, type DemoRow, demo } from './demo/demo.js';
export { type AppliedObject, applySql } from './deploy/apply.js';
export { type RenderedSql, renderSql, type SqlOptions } from './deploy/render.js';
export { type Detected, detect } from './detect/detect.js';
export { readTrustLock, type TrustOptions, writeTrustLock } from './detect/trust.js';
export { diagnose } from './doctor/diagnose.js';
export type { Finding } from './doctor/finding.js';
export { downloadWheels } from './environments/download.js';
export { type Environment, ensureEnvironment } from './environments/ensure.js';
export { type ConverterSurvey, surveyConverters } from './environments/survey.js';
export { ERROR_CODES, type ErrorCode, type ErrorDocument, PredictableError } from './errors.js';
export { inspect } from './graph/inspect.js';
export type { Inspection } from './graph/inspection.js';
export { readSignature } from './graph/metadata.js';
export type { Normalized } from './graph/normalize-options.js';
export { checkedRuntimes } from './inference/runtimes.js';
export { OnnxModel } from './library/onnx-model.js';
export { type Prediction, Predictions } from './library/predictions.js';
export { type ReadModelOptions, readModel, readOnnx, TrainedModel } from './library/read-model.js';
export { openRegistry, openServerRegistry } from './registry/open.js';
export { parseReference } from './registry/reference.js';
export { registerFile } from './registry/register-file.js';
export type {
  AliasEvent,
  ModelReference,
  ModelVersion,
  Promotion,
  Pruning,
  Registry,
  ServerRegistry,
} from './registry/registry.js';
export { writeOutputs } from './report/write-outputs.js';
export { type WrittenReport, writeReport } from './report/write-report.js';
export { readTable } from './rows/read-table.js';
export { downloadRuntimes } from './runtimes/download.js';
export { ensureRuntime, type NodeRuntime, type RuntimeOptions } from './runtimes/ensure.js';
export { type DiffOptions, diffVersions } from './score/diff.js';
export type { DiffSummary, ScoreSummary } from './score/documents.js';
export { type DiffRowsOptions, diffRows, type ScoreRowsOptions, scoreRows } from './score/place.js';
export { type ScoreOptions, score } from './score/score.js';
export { scoreTable } from './score/score-table.js';
export { scoringModel } from './score/scoring-model.js';
export type { TableScoreOptions, TableScoreSummary } from './score/server/options.js';
export type { ColumnType, InputColumn, OutputColumn, Signature } from './signature.js';
export { renderPredict } from './sql/predict.js';
export type { PredictOptions } from './sql/predict-options.js';
export { TARGETS, type TargetId, type TargetProfile } from './targets/targets.js';
export type { Verification } from './verify/verification.js';
