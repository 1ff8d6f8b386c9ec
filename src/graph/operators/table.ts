/** What is known of each ONNX operator, by domain and class: the rules of inference and of passes are made of this table. */

import type { OperatorClass, Rows } from './operator.js';

/** Models that were converted have it behind a Transpose, and a model that is converted again has the same bytes. */
const SAME_BYTES = 'converted models have it behind a Transpose, and keep their bytes';
const TRUTH_VALUES = 'what reads truth values (Where) has no form on stacked columns';
const ANY_NUMBER = 'it takes any number of operands, the rule on stacked columns two';
const NOT_MET = 'no exporter of tabular models writes it behind joined columns';
const NO_TEXT = 'no model is known in which text comes to it';

type Table = Partial<Record<OperatorClass, Rows>>;

const ONNX: Table = {
  elementwise: {
    Abs: { alike: [6, 13] },
    Acos: { alike: [7, 22], floatOnly: true, notStacked: SAME_BYTES },
    Acosh: { alike: [9, 22], floatOnly: true, notStacked: SAME_BYTES },
    Asin: { alike: [7, 22], floatOnly: true, notStacked: SAME_BYTES },
    Asinh: { alike: [9, 22], floatOnly: true, notStacked: SAME_BYTES },
    Atan: { alike: [7, 22], floatOnly: true, notStacked: SAME_BYTES },
    Atanh: { alike: [9, 22], floatOnly: true, notStacked: SAME_BYTES },
    Cast: { alike: [6, 9, 13, 19, 21, 23, 24, 25], handsOnRole: true },
    Ceil: { alike: [6, 13] },
    // Not `floatOnly`: ONNX itself has it for float alone.
    Celu: {},
    Clip: { alike: [11, 12, 13] },
    Cos: { alike: [7, 22], floatOnly: true, notStacked: SAME_BYTES },
    Cosh: { alike: [9, 22], floatOnly: true, notStacked: SAME_BYTES },
    Dropout: { alike: [12, 13, 22], notStacked: 'its mask would have to be turned back', notUniform: true },
    Elu: { alike: [6, 22], floatOnly: true, fusedBehindGemm: true },
    Erf: { alike: [9, 13], floatOnly: true },
    Exp: { alike: [6, 13] },
    Floor: { alike: [6, 13] },
    Gelu: {},
    HardSigmoid: { alike: [6, 22], floatOnly: true, fusedBehindGemm: true },
    HardSwish: { alike: [14, 22], floatOnly: true },
    Identity: { alike: [1, 13, 14, 16, 19, 21, 23, 24, 25], onCodes: true, handsOnRole: true },
    IsInf: { alike: [10, 20], element: 'bool', notStacked: TRUTH_VALUES },
    IsNaN: { alike: [9, 13, 20], element: 'bool', notStacked: TRUTH_VALUES },
    LeakyRelu: { alike: [6, 16], floatOnly: true, fusedBehindGemm: true },
    Log: { alike: [6, 13] },
    Mish: { alike: [18, 22] },
    Neg: { alike: [6, 13] },
    Not: { element: 'bool', notStacked: TRUTH_VALUES },
    Reciprocal: { alike: [6, 13] },
    Relu: { alike: [6, 13, 14], fusedBehindGemm: true },
    Round: { alike: [11, 22] },
    Selu: { alike: [6, 22], floatOnly: true, fusedBehindGemm: true },
    Shrink: {},
    Sigmoid: { alike: [6, 13], fusedBehindGemm: true },
    Sign: { alike: [9, 13] },
    Sin: { alike: [7, 22], notStacked: SAME_BYTES },
    Sinh: { alike: [9, 22], floatOnly: true, notStacked: SAME_BYTES },
    Softplus: { alike: [1, 22], floatOnly: true, fusedBehindGemm: true },
    Softsign: { alike: [1, 22], floatOnly: true, fusedBehindGemm: true },
    Sqrt: { alike: [6, 13] },
    Tan: { alike: [7, 22], floatOnly: true, notStacked: SAME_BYTES },
    Tanh: { alike: [6, 13], fusedBehindGemm: true },
    ThresholdedRelu: { alike: [10, 22], floatOnly: true, fusedBehindGemm: true },
  },
  broadcast: {
    Add: { alike: [7, 13, 14] },
    Div: { alike: [7, 13, 14] },
    Max: { alike: [8, 12, 13], notStacked: ANY_NUMBER },
    Mean: { alike: [8, 13], floatOnly: true, notStacked: ANY_NUMBER },
    Min: { alike: [8, 12, 13], notStacked: ANY_NUMBER },
    Mod: { alike: [10, 13], notStacked: NOT_MET },
    Mul: { alike: [7, 13, 14] },
    PRelu: { alike: [7, 9, 16], floatOnly: true, notStacked: 'its slopes, one a column, would have to be turned' },
    Pow: { alike: [7, 12, 13, 15] },
    Sub: { alike: [7, 13, 14] },
    Sum: { alike: [6, 8, 13], notStacked: ANY_NUMBER },
    Where: { alike: [9, 16], onCodes: true, notStacked: TRUTH_VALUES },
  },
  comparison: {
    And: {},
    Equal: { alike: [7, 11, 13, 19], onCodes: true },
    Greater: { alike: [7, 9, 13] },
    GreaterOrEqual: { alike: [12, 16] },
    Less: { alike: [7, 9, 13] },
    LessOrEqual: { alike: [12, 16] },
    Or: {},
    Xor: {},
  },
  reduction: {
    ReduceL1: { alike: [1, 11, 13], notStacked: NOT_MET },
    ReduceL2: { alike: [1, 11, 13], notStacked: NOT_MET },
    ReduceLogSum: { alike: [1, 11, 13], notStacked: NOT_MET },
    ReduceLogSumExp: { alike: [1, 11, 13] },
    ReduceMax: { alike: [1, 11, 12, 13] },
    ReduceMean: { alike: [1, 11, 13] },
    ReduceMin: { alike: [1, 11, 12, 13] },
    ReduceProd: { alike: [1, 11, 13], notStacked: NOT_MET },
    ReduceSum: { alike: [1, 11] },
    ReduceSumSquare: { alike: [1, 11, 13] },
  },
  alongAxis: {
    ArgMax: { alike: [11, 12, 13] },
    ArgMin: { alike: [11, 12, 13] },
    CumSum: { alike: [11, 14] },
    Hardmax: { floatOnly: true },
    LayerNormalization: {},
    LogSoftmax: {},
    LpNormalization: { alike: [1, 22] },
    Softmax: {},
    TopK: { alike: [11, 24] },
  },
  product: {
    Einsum: {},
    Gemm: { alike: [7, 9, 11, 13] },
    MatMul: { alike: [1, 9, 13] },
  },
  convolution: {
    Conv: { alike: [1, 11, 22], floatOnly: true },
    ConvTranspose: { alike: [1, 11, 22], floatOnly: true },
  },
  pool: {
    AveragePool: { alike: [7, 10, 11, 19, 22], floatOnly: true },
    GlobalAveragePool: { alike: [1, 22], floatOnly: true },
    GlobalLpPool: { alike: [2, 22], floatOnly: true },
    GlobalMaxPool: { alike: [1, 22], floatOnly: true },
    LpPool: { floatOnly: true },
    MaxPool: { alike: [1, 8, 10, 11, 12, 22] },
  },
  normalization: {
    BatchNormalization: { alike: [9, 14, 15] },
    GroupNormalization: {},
    InstanceNormalization: { alike: [6, 22], floatOnly: true },
    LRN: { alike: [1, 13], floatOnly: true },
    // The axes that it works along when none are named are those of the rows, of height and of width.
    MeanVarianceNormalization: { floatOnly: true, mixesRows: true },
  },
  picture: {
    DepthToSpace: { alike: [1, 11, 13] },
    Resize: { alike: [11, 13, 18, 19], floatOnly: true },
    SpaceToDepth: { alike: [1, 13] },
    Upsample: {},
  },
  recurrent: {
    GRU: { alike: [7, 14, 22] },
    LSTM: { alike: [7, 14, 22] },
    RNN: { alike: [7, 14, 22], floatOnly: true },
  },
  movement: {
    Compress: {},
    Concat: { alike: [4, 11, 13] },
    Expand: { alike: [8, 13] },
    Flatten: { alike: [1, 9, 11, 13, 21, 23, 24, 25] },
    Gather: { alike: [1, 11, 13] },
    GatherElements: { alike: [11, 13] },
    GatherND: { alike: [11, 12, 13], notOnCodes: NO_TEXT },
    Pad: { alike: [11, 13, 18, 19, 21, 23, 24, 25], notOnCodes: NO_TEXT },
    Reshape: { alike: [5, 13, 14, 19, 21, 23, 24, 25], handsOnRole: true },
    ScatterND: { alike: [11, 13, 16], notOnCodes: NO_TEXT },
    Slice: { alike: [10, 11, 13] },
    Split: { alike: [2, 11] },
    Squeeze: { alike: [1, 11], handsOnRole: true },
    Tile: { alike: [6, 13] },
    Transpose: { alike: [1, 13, 21, 23, 24, 25] },
    Trilu: { notOnCodes: NO_TEXT },
    Unsqueeze: { alike: [1, 11] },
  },
  shape: {
    ConstantOfShape: { alike: [9, 20, 21, 23, 24, 25] },
    Shape: { alike: [1, 13, 15, 19, 21, 23, 24, 25], element: 'int64' },
    Size: { element: 'int64' },
  },
  places: {
    NonZero: { alike: [9, 13] },
    OneHot: { alike: [9, 11] },
  },
  text: { StringNormalizer: {} },
  container: { SequenceConstruct: {} },
  constant: { Constant: {} },
  controlFlow: {
    Loop: { alike: [1, 11, 13, 16, 19, 21, 23, 24, 25] },
    Scan: { alike: [9, 11, 16, 19, 21, 23, 24, 25] },
    If: { alike: [1, 11, 13, 16, 19, 21, 23, 24, 25] },
  },
  random: {
    Bernoulli: {},
    Multinomial: {},
    RandomNormal: {},
    RandomNormalLike: {},
    RandomUniform: {},
    RandomUniformLike: {},
  },
};

const ML: Table = {
  classifier: {
    LinearClassifier: {},
    SVMClassifier: {},
    // 3 added nodes_values_as_tensor and its like, which the pass `opsets` looks for.
    TreeEnsembleClassifier: { alike: [1, 3, 5] },
  },
  regressor: {
    LinearRegressor: {},
    SVMRegressor: {},
    TreeEnsembleRegressor: { alike: [1, 3, 5] },
  },
  preprocessing: {
    Binarizer: {},
    Imputer: {},
    Normalizer: { element: 'float', handsOnRole: true },
    Scaler: { element: 'float' },
  },
  encoder: {
    LabelEncoder: { alike: [2, 4] },
    OneHotEncoder: {},
  },
  movement: { ArrayFeatureExtractor: {} },
  container: { ZipMap: { handsOnRole: true } },
};

export const TABLE: Record<string, Table> = { '': ONNX, 'ai.onnx.ml': ML };
