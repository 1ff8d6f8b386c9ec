/** The public API. Everything that the command line does is here; a test holds the list. */

export { type ConvertedModel, type ConvertOptions, convertModel } from './convert/convert.js';
export { type ConvertAllOptions, convertAll } from './convert/convert-all.js';
export { Converters, type ConvertersOptions } from './convert/converters.js';
export type { Conversion } from './convert/document.js';
export { type NormalizeFileOptions, normalizeFile } from './convert/normalize-file.js';
export { type VerifyOptions, verifyAgainst } from './convert/verify-against.js';
export { type ConverterManifest, readManifests } from './converters/manifest.js';
export { type Detected, detect } from './detect/detect.js';
export { readTrustLock, type TrustOptions, writeTrustLock } from './detect/trust.js';
export { ERROR_CODES, type ErrorCode, type ErrorDocument, PredictableError } from './errors.js';
export { type Inspection, inspect } from './graph/inspect.js';
export type { Normalized } from './graph/normalize-options.js';
export { readSignature } from './graph/signature.js';
export { OnnxModel } from './library/onnx-model.js';
export { type Prediction, Predictions } from './library/predictions.js';
export { type ReadModelOptions, readModel, readOnnx, TrainedModel } from './library/read-model.js';
export { openRegistry } from './registry/open.js';
export { parseReference } from './registry/reference.js';
export { registerFile } from './registry/register-file.js';
export type { AliasEvent, ModelReference, ModelVersion, Registry } from './registry/registry.js';
export type { ColumnType, InputColumn, OutputColumn, Signature } from './signature.js';
export { TARGETS, type TargetId, type TargetProfile } from './targets/targets.js';
export type { Verification } from './verify/verification.js';
