/** A converted model on the disk: the ONNX file, the document beside it that a registry reads, and the signature over both. */

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { PredictableError } from '../errors.js';
import { named } from '../files/named.js';
import { mustNotBeSpecial, ordinary } from '../files/ordinary.js';
import { writeWhole } from '../files/write-whole.js';
import { badSignature, bundleOf, openBundle, unverifiedStatement } from './bundle.js';
import type { EcKey } from './keys.js';
import { isOf, type Statement, statementOf } from './statement.js';

/** `out/iris.sig` of `out/iris.onnx`. */
export function signatureFile(model: string): string {
  const { dir, name } = path.parse(model);
  return path.join(dir, `${name}.sig`);
}

/** Writes the signature beside the model, or where `output` says; returns its path and the names of the files it is over. */
export async function signModel(
  model: string,
  key: EcKey,
  output = signatureFile(model),
): Promise<{ output: string; files: string[] }> {
  const files = await filesOf(model);
  await writeWhole(output, bundleOf(statementOf(path.parse(model).name, files), key));
  return { output, files: [...files.keys()] };
}

export interface Signed {
  /** sha256 of the public key that signed. */
  signer: string;
  /** The file of that key. */
  key: string;
  /** The files that the signature is over, of this model. */
  files: string[];
}

/** Throws NOT_SIGNED, BAD_SIGNATURE or UNTRUSTED_SIGNER. */
export async function verifyModel(model: string, accepted: EcKey[], signature = signatureFile(model)): Promise<Signed> {
  return verifyFiles(signature, await readSignature(model, signature), await filesOf(model), accepted);
}

/**
 * Holds files at hand against a signature. All of them must be in it: what is read must have been signed. Others that it
 * lists, of models beside this one, are not looked for. Throws BAD_SIGNATURE or UNTRUSTED_SIGNER.
 */
export function verifyFiles(name: string, text: string, files: Map<string, Uint8Array>, accepted: EcKey[]): Signed {
  const { statement, signer } = openBundle(name, text, accepted);
  mustList(name, statement, files);
  return { signer: signer.fingerprint, key: signer.file, files: [...files.keys()] };
}

/** The same without a key at hand: whether the signature is over these files, whoever made it. */
export function mustBeAbout(name: string, text: string, files: Map<string, Uint8Array>): void {
  mustList(name, unverifiedStatement(name, text), files);
}

function mustList(name: string, { predicate }: Statement, files: Map<string, Uint8Array>): void {
  for (const [file, bytes] of files) {
    const listed = predicate.resources.find((resource) => resource.name === file);
    if (listed === undefined) throw badSignature(name, `it says nothing of ${file}`);
    if (!isOf(listed, bytes)) throw badSignature(name, `${file} is not what was signed: its bytes differ`);
  }
  // Of this model, nothing that was signed may be missing: without its document a registry would know less of it.
  const document = [...files.keys()].map((file) => `${path.parse(file).name}.json`);
  const missing = predicate.resources.find((resource) => document.includes(resource.name) && !files.has(resource.name));
  if (missing !== undefined) throw badSignature(name, `${missing.name}, which it is over too, is missing`);
}

/** A signature is small: the statement of a model of two files. One over a whole folder may have thousands. */
const LARGEST_SIGNATURE = 16 * 2 ** 20;

/** The text of a signature. Throws NOT_SIGNED where the file is missing. */
export async function readSignature(model: string, file = signatureFile(model)): Promise<string> {
  const text = await signatureBeside(model, file);
  if (text !== null) return text;
  throw new PredictableError('NOT_SIGNED', `${model} is not signed: there is no ${file}`, {
    hint: 'Sign it with: predictable sign MODEL.onnx --key signer.key, or name its signature with --signature.',
  });
}

/** The same, or null. */
export async function signatureBeside(model: string, file = signatureFile(model)): Promise<string | null> {
  await mustNotBeSpecial(file);
  try {
    if ((await ordinary(file)).size > LARGEST_SIGNATURE) throw badSignature(file, 'it is too large');
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof PredictableError && error.code === 'FILE_NOT_FOUND') return null;
    throw error;
  }
}

/** The ONNX file, and the document beside it where there is one, by their names. */
async function filesOf(model: string): Promise<Map<string, Uint8Array>> {
  await ordinary(model);
  const files = new Map([[path.basename(model), await named(model, () => readFile(model))]]);
  const document = path.join(path.dirname(model), `${path.parse(model).name}.json`);
  await mustNotBeSpecial(document);
  try {
    files.set(path.basename(document), await readFile(document));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
  return files;
}
