/** In which opset versions each operator's definition changed, and which of those changes matter to the types we allow. */

import table from './operators.json' with { type: 'json' };

const OPERATORS: Record<string, Record<string, number[]>> = table;

/**
 * Changes that only added element types (or made an input optional): for float, double, int32, int64, bool and text the
 * operator means the same in all versions of a row, so a model may go from one to the other as it is.
 */
const SAME_MEANING: Record<string, Record<string, number[]>> = {
  '': {
    Abs: [6, 13],
    Add: [7, 13, 14],
    And: [7],
    ArgMax: [11, 12, 13],
    ArgMin: [11, 12, 13],
    AveragePool: [7, 10, 11, 19, 22],
    BatchNormalization: [9, 14, 15],
    Cast: [6, 9, 13, 19, 21, 23, 24, 25],
    Ceil: [6, 13],
    Celu: [12],
    Clip: [11, 12, 13],
    Concat: [4, 11, 13],
    ConstantOfShape: [9, 20, 21, 23, 24, 25],
    Conv: [1, 11, 22],
    ConvTranspose: [1, 11, 22],
    Cos: [7, 22],
    CumSum: [11, 14],
    DepthToSpace: [1, 11, 13],
    Div: [7, 13, 14],
    Dropout: [12, 13, 22],
    Elu: [6, 22],
    Equal: [7, 11, 13, 19],
    Erf: [9, 13],
    Exp: [6, 13],
    Expand: [8, 13],
    Flatten: [1, 9, 11, 13, 21, 23, 24, 25],
    Floor: [6, 13],
    GRU: [7, 14, 22],
    Gather: [1, 11, 13],
    GatherElements: [11, 13],
    GatherND: [11, 12, 13],
    Gemm: [7, 9, 11, 13],
    GlobalAveragePool: [1, 22],
    GlobalMaxPool: [1, 22],
    Greater: [7, 9, 13],
    GreaterOrEqual: [12, 16],
    HardSigmoid: [6, 22],
    HardSwish: [14, 22],
    Identity: [1, 13, 14, 16, 19, 21, 23, 24, 25],
    If: [1, 11, 13, 16, 19, 21, 23, 24, 25],
    InstanceNormalization: [6, 22],
    IsInf: [10, 20],
    IsNaN: [9, 13, 20],
    LRN: [1, 13],
    LSTM: [7, 14, 22],
    LeakyRelu: [6, 16],
    Less: [7, 9, 13],
    LessOrEqual: [12, 16],
    Log: [6, 13],
    Loop: [1, 11, 13, 16, 19, 21, 23, 24, 25],
    LpNormalization: [1, 22],
    MatMul: [1, 9, 13],
    Max: [8, 12, 13],
    MaxPool: [1, 8, 10, 11, 12, 22],
    Mean: [8, 13],
    Min: [8, 12, 13],
    Mish: [18, 22],
    Mod: [10, 13],
    Mul: [7, 13, 14],
    Neg: [6, 13],
    NonZero: [9, 13],
    OneHot: [9, 11],
    PRelu: [7, 9, 16],
    Pad: [11, 13, 18, 19, 21, 23, 24, 25],
    Pow: [7, 12, 13, 15],
    RNN: [7, 14, 22],
    Reciprocal: [6, 13],
    ReduceL1: [1, 11, 13],
    ReduceL2: [1, 11, 13],
    ReduceLogSum: [1, 11, 13],
    ReduceLogSumExp: [1, 11, 13],
    ReduceMax: [1, 11, 12, 13],
    ReduceMean: [1, 11, 13],
    ReduceMin: [1, 11, 12, 13],
    ReduceProd: [1, 11, 13],
    ReduceSum: [1, 11],
    ReduceSumSquare: [1, 11, 13],
    Relu: [6, 13, 14],
    Reshape: [5, 13, 14, 19, 21, 23, 24, 25],
    Resize: [11, 13, 18, 19],
    Round: [11, 22],
    Scan: [9, 11, 16, 19, 21, 23, 24, 25],
    ScatterND: [11, 13, 16],
    Selu: [6, 22],
    Shape: [1, 13, 15, 19, 21, 23, 24, 25],
    Sigmoid: [6, 13],
    Sign: [9, 13],
    Sin: [7, 22],
    Slice: [10, 11, 13],
    Softplus: [1, 22],
    Softsign: [1, 22],
    SpaceToDepth: [1, 13],
    Split: [2, 11],
    Sqrt: [6, 13],
    Squeeze: [1, 11],
    Sub: [7, 13, 14],
    Sum: [6, 8, 13],
    Tanh: [6, 13],
    ThresholdedRelu: [10, 22],
    Tile: [6, 13],
    TopK: [11, 24],
    Transpose: [1, 13, 21, 23, 24, 25],
    Unsqueeze: [1, 11],
    Where: [9, 16],
    Xor: [7],
  },
  'ai.onnx.ml': {
    // 3 added nodes_values_as_tensor and its like; see TENSOR_ATTRIBUTES.
    TreeEnsembleClassifier: [1, 3, 5],
    TreeEnsembleRegressor: [1, 3, 5],
    LabelEncoder: [2, 4],
  },
};

/** The newest definition at that opset, or null when the operator does not exist there. */
export function versionAt(domain: string, op: string, opset: number): number | null {
  return OPERATORS[domain]?.[op]?.filter((version) => version <= opset).at(-1) ?? null;
}

export function isKnown(domain: string, op: string): boolean {
  return OPERATORS[domain]?.[op] !== undefined;
}

/** Whether a node means the same under both definitions, for the types of the columnar contract. */
export function sameMeaning(domain: string, op: string, one: number, other: number): boolean {
  if (one === other) return true;
  const versions = SAME_MEANING[domain]?.[op] ?? [];
  return versions.includes(one) && versions.includes(other);
}
