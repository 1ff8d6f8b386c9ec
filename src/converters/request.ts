/** What a converter is asked over the bridge: one JSON document; bytes and rows go as files. */

/** The request of every converter action. Paths are absolute. */
export interface ConverterRequest {
  /** `convert`: model → raw ONNX, facts and reference; `predict`: only the reference predictions. */
  action: 'convert' | 'predict';
  /** The converter's own Python file. */
  converter: string;
  /** The model file or folder, and the format that it was detected as. */
  path: string;
  format: string;
  /** Version of the library that saved the file; null when it does not say it. */
  savedBy: string | null;
  /** A folder of this call's own, for every file that it writes. */
  work: string;
  /** Whether the user vouches for this file: only then may loading it run code. */
  trusted: boolean;
  /** Newest opset per domain, and IR, that the target loads. */
  opsets: { '': number; 'ai.onnx.ml': number };
  ir: number;
  precision: 'float' | 'double';
  /** Columns of numbers that are to be double, beside those that the converter finds; null where all are of the precision. */
  wide: string[] | null;
  /** Column names given by the user (`--columns`); they win over the sample's and the model's. */
  columns: string[] | null;
  /** Base path of a frame file with sample rows, or null. */
  sample: string | null;
  /** How many rows to make up when there is no sample. */
  syntheticRows: number;
  /** Inputs that the user describes (`--input`), for files that do not. */
  inputs: GivenInput[];
  /** Outputs that the user asks for (`--outputs`): of a graph that does not say which of its tensors are results. */
  outputs: string[] | null;
  /** The user's own function that makes the model which the file's weights belong to (`--factory`). */
  factory: { module: string; function: string; folders: string[] } | null;
  /** Which of a file's signatures and tags is meant. */
  signature: string | null;
  tag: string | null;
  /** Height and width of the pictures that the columns are to hold; the graph resizes them. */
  imageSize: [number, number] | null;
  /** Which of the converter's ways is taken; null when it has only one. */
  road: string | null;
  /** How many probe rows the original is asked beside the sample's, and the hexadecimal digits by which they are chosen. */
  probeRows: number;
  seed: string;
}

/** `name`: empty for the only one, where nobody says it. `shape`: of the whole tensor, -1 for the number of rows. */
export interface GivenInput {
  name: string;
  dtype: string;
  shape: number[];
}
