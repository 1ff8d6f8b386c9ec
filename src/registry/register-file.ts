/** Puts a converted file into a registry, with the verification and provenance from the document beside it. */

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Conversion, conversionSchema } from '../convert/document.js';
import { PredictableError } from '../errors.js';
import { mustNotBeSpecial, ordinary } from '../files/ordinary.js';
import { sha256Of } from '../files/sha256.js';
import { loadModel } from '../graph/codec/loaded-model.js';
import type { Model } from '../graph/codec/model.js';
import { checkContract } from '../graph/contract.js';
import { signatureOf } from '../graph/metadata.js';
import { withWiderColumns } from '../graph/wider-columns.js';
import { forShell } from '../shell.js';
import type { EcKey } from '../signing/keys.js';
import { mustBeAbout, readSignature, signatureBeside, signatureFile, verifyFiles } from '../signing/model-files.js';
import { SIGNATURE, storedSignature } from '../signing/stored.js';
import { DEFAULT_TARGET, TARGET_IDS, TARGETS, type TargetId } from '../targets/targets.js';
import type { ModelVersion, RegisterRequest, Registry } from './registry.js';
import { columnsToWiden, versionBefore } from './same-widths.js';

interface RegisterFileOptions {
  name?: string | undefined;
  alias?: string | undefined;
  description?: string | undefined;
  allowUnverified?: boolean | undefined;
  allowSignatureChange?: boolean | undefined;
  /** Refuses what none of these keys signed. */
  requireSignature?: EcKey[] | undefined;
}

/** Throws what requestForFile and the registry throw. */
export async function registerFile(
  file: string,
  registry: Registry,
  options: RegisterFileOptions = {},
): Promise<{ version: ModelVersion; created: boolean }> {
  const request = await requestForFile(file, options);
  const before = await versionBefore(registry, request);
  const fitting = before === null ? request : withWidthsOf(before, request);
  if (options.requireSignature !== undefined && fitting !== request) throw widensWhatIsSigned(file, request.name);
  return registry.register(fitting);
}

/** The request with the columns of real made float that are float in the version before; the same one where there are none. */
function withWidthsOf(before: ModelVersion, request: RegisterRequest): RegisterRequest {
  const names = columnsToWiden(before.signature, request.signature);
  if (names.size === 0) return request;
  const { bytes, model, signature } = withWiderColumns(loadModel(request.bytes).model, request.signature, names);
  checkContract(model, TARGETS[request.target], bytes.length);
  // Whoever signed, signed other bytes.
  const { [SIGNATURE]: _, ...kept } = request.provenance;
  const provenance = { ...kept, converted: request.sha256, widened: [...names] };
  return { ...request, bytes, sha256: sha256Of(bytes), signature, provenance };
}

function widensWhatIsSigned(file: string, name: string): PredictableError {
  return new PredictableError(
    'SIGNATURE_CHANGED',
    `${file} has real columns that are float in the version of ${name} before`,
    {
      hint: 'They would be made float, which changes what was signed. Convert it with --precision float, and sign that.',
    },
  );
}

/**
 * What a registry is asked for a file. Throws MISSING_SIGNATURE for a graph that was not normalised, CHECKSUM_MISMATCH
 * when the document beside it describes other bytes, and what checkContract throws for a model beyond its target's limits.
 */
export async function requestForFile(file: string, options: RegisterFileOptions = {}): Promise<RegisterRequest> {
  await ordinary(file);
  const bytes = await readFile(file);
  const { model } = loadModel(bytes);
  const signature = signatureOf(model);
  if (signature === null) {
    throw new PredictableError(
      'MISSING_SIGNATURE',
      `${file} is not normalised: a registry takes one input per column`,
      {
        hint: `First: predictable normalize ${forShell(file)} -o ${forShell(`${path.parse(file).name}.columnar.onnx`)}`,
      },
    );
  }
  const sha256 = sha256Of(bytes);
  const { conversion, document } = await readDocument(file, sha256);
  const files = new Map<string, Uint8Array>([[path.basename(file), bytes], ...document]);
  const signedBy = await signatureOver(file, files, options.requireSignature);
  const target = conversion?.target ?? targetOf(model);
  checkContract(model, TARGETS[target], bytes.length);
  return {
    name: options.name ?? conversion?.name ?? path.parse(file).name,
    bytes,
    sha256,
    target,
    signature,
    verification: conversion?.verification ?? null,
    provenance: { ...conversion?.provenance, ...signedBy },
    signatureChecked: options.requireSignature !== undefined,
    description: options.description ?? conversion?.model ?? null,
    alias: options.alias ?? null,
    allowUnverified: options.allowUnverified ?? false,
    allowSignatureChange: options.allowSignatureChange ?? false,
  };
}

/** What the provenance says of the signature beside the file; nothing where there is none and none is required. */
async function signatureOver(
  file: string,
  files: Map<string, Uint8Array>,
  required: EcKey[] | undefined,
): Promise<Record<string, unknown>> {
  const place = signatureFile(file);
  const text = required === undefined ? await signatureBeside(file) : await readSignature(file);
  if (text === null) return {};
  if (required === undefined) mustBeAbout(place, text, files);
  else verifyFiles(place, text, files, required);
  return { [SIGNATURE]: storedSignature(place, text, path.basename(file)) };
}

interface Described {
  conversion: Conversion | null;
  /** The document's name and bytes, where there is one. */
  document: [string, Uint8Array][];
}

async function readDocument(file: string, sha256: string): Promise<Described> {
  const beside = path.join(path.dirname(file), `${path.parse(file).name}.json`);
  let bytes: Buffer;
  await mustNotBeSpecial(beside);
  try {
    bytes = await readFile(beside);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return { conversion: null, document: [] };
    throw error;
  }
  const document: Described['document'] = [[path.basename(beside), bytes]];
  const parsed = conversionSchema.safeParse(parseJson(bytes.toString('utf8')));
  if (!parsed.success) return { conversion: null, document };
  if (parsed.data.sha256 !== sha256) {
    throw new PredictableError('CHECKSUM_MISMATCH', `${beside} describes other bytes than those of ${file}`, {
      hint: 'Convert the model again, or take the document away to register without its verification (--allow-unverified).',
      details: { expected: parsed.data.sha256, found: sha256 },
    });
  }
  return { conversion: parsed.data, document };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A document that is none says nothing about the model; the registry will ask for a verification.
    return null;
  }
}

/** What the graph was normalised for, as it says itself. */
function targetOf({ metadata }: Model): TargetId {
  const written = metadata.get('predictable.target');
  return TARGET_IDS.find((id) => id === written) ?? DEFAULT_TARGET;
}
