/** Rows as columns: the shape in which samples, references and predictions travel between the stages. */

/** Missing numbers are NaN in float and double columns; missing text is null. Other types hold no missing values. */
export type FrameColumn =
  | { name: string; type: 'float'; values: Float32Array }
  | { name: string; type: 'double'; values: Float64Array }
  | { name: string; type: 'int32'; values: Int32Array }
  | { name: string; type: 'int64'; values: BigInt64Array }
  | { name: string; type: 'bool'; values: Uint8Array }
  | { name: string; type: 'string'; values: (string | null)[] };

export interface Frame {
  rows: number;
  columns: FrameColumn[];
}

export function column(frame: Frame, name: string): FrameColumn | undefined {
  return frame.columns.find((candidate) => candidate.name === name);
}
