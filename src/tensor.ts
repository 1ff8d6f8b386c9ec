/** The values of a tensor, as graphs take and give them. */

/** Values of one tensor of rank 2 or less; text only for raw graphs. */
export type TensorData = Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array | string[];

export interface Tensor {
  type: 'float' | 'double' | 'int32' | 'int64' | 'bool' | 'string';
  shape: number[];
  data: TensorData;
}
