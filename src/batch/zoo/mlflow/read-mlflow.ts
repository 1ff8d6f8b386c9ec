/** A folder that MLflow saved: its MLmodel file gives the model's file, names, types and sample; its code is never touched. */

import path from 'node:path';
import type { ConverterManifest } from '../../../converters/manifest.js';
import type { GivenInput } from '../../../converters/request.js';
import { asPredictableError, type PredictableError } from '../../../errors.js';
import type { Frame } from '../../../rows/frame.js';
import { type Artifact, findArtifact, inside } from './artifact.js';
import { columnsOfTensor, MOST_EXAMPLE_BYTES, readExample } from './example.js';
import { type Mlmodel, readLimited, readMlmodel } from './mlmodel.js';
import { type MlflowSignature, readSignature } from './signature.js';

/** The file that says that a folder is one of MLflow's. */
export const MLMODEL = 'MLmodel';

/** More than any table has: a made-up shape must not fill the memory. */
const MOST_COLUMNS = 100_000;

interface MlflowModel {
  /** What a converter reads; the folder itself when that is not known. */
  path: string;
  options: { sample?: Frame; columns?: string[]; inputs?: GivenInput[] };
  readFrom: string[];
  problem?: PredictableError;
}

/** `title`: what messages call it; `sampled`: the user gives a sample, so the example is not read. Throws nothing: what is wrong with it is its problem. */
export async function readMlflow(
  folder: string,
  title: string,
  manifests: ConverterManifest[],
  sampled = false,
): Promise<MlflowModel> {
  const readFrom = [path.join(folder, MLMODEL)];
  let found: Artifact | undefined;
  try {
    const mlmodel = await readMlmodel(path.join(folder, MLMODEL), path.posix.join(title, MLMODEL));
    found = await findArtifact(folder, title, mlmodel, manifests);
    const signature =
      mlmodel.signature === null ? { columns: [], tensors: [] } : readSignature(title, mlmodel.signature);
    const example = sampled ? null : await exampleOf(folder, title, mlmodel);
    if (example !== null) readFrom.push(example);
    const sample = example === null ? null : await readRows(example, folder, title, signature);
    const options = {
      ...namesOf(signature, found, sample !== null || sampled),
      ...(sample === null ? {} : { sample }),
    };
    return { path: found.path, options, readFrom };
  } catch (thrown) {
    return { path: found?.path ?? folder, options: {}, readFrom, problem: asPredictableError(thrown) };
  }
}

/** The example's file; null without one, and for sparse matrices, which no JSON holds. */
async function exampleOf(
  folder: string,
  title: string,
  { saved_input_example_info: info }: Mlmodel,
): Promise<string | null> {
  if (info === null || info.type?.startsWith('sparse') === true) return null;
  return inside(folder, title, info.artifact_path);
}

async function readRows(file: string, folder: string, title: string, signature: MlflowSignature): Promise<Frame> {
  const name = path.posix.join(title, path.relative(folder, file).split(path.sep).join('/'));
  return readExample(name, await readLimited(file, name, MOST_EXAMPLE_BYTES), signature);
}

function namesOf(
  { columns, tensors }: MlflowSignature,
  { flavor }: Artifact,
  sampled: boolean,
): { columns?: string[]; inputs?: GivenInput[] } {
  const names = columns.flatMap(({ name }) => name ?? []);
  if (names.length > 0 && names.length === columns.length) return { columns: names };
  if (flavor.inputs) {
    const inputs = tensors.flatMap(({ name, dtype, shape }) =>
      shape.slice(1).includes(-1) ? [] : [{ name: name ?? '', dtype, shape }],
    );
    const named = inputs.length === 1 || inputs.every(({ name }) => name !== '');
    return named && inputs.length > 0 && inputs.length === tensors.length ? { inputs } : {};
  }
  // Rows of an array have no names, and a model that was trained on one has none either.
  const [, width, ...more] = tensors[0]?.shape ?? [];
  if (sampled || tensors.length !== 1 || width === undefined || width < 1 || width > MOST_COLUMNS || more.length > 0)
    return {};
  return { columns: columnsOfTensor(tensors[0]?.name ?? null, [width]) };
}
