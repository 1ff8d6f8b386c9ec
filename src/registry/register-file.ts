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
import { DEFAULT_TARGET, TARGET_IDS, TARGETS, type TargetId } from '../targets/targets.js';
import type { ModelVersion, RegisterRequest, Registry } from './registry.js';
import { columnsToWiden, versionBefore } from './same-widths.js';

interface RegisterFileOptions {
  name?: string | undefined;
  alias?: string | undefined;
  description?: string | undefined;
  allowUnverified?: boolean | undefined;
  allowSignatureChange?: boolean | undefined;
}

/** Throws what requestForFile and the registry throw. */
export async function registerFile(
  file: string,
  registry: Registry,
  options: RegisterFileOptions = {},
): Promise<{ version: ModelVersion; created: boolean }> {
  const request = await requestForFile(file, options);
  const before = await versionBefore(registry, request);
  return registry.register(before === null ? request : withWidthsOf(before, request));
}

/** The request with the columns of real made float that are float in the version before; the same one where there are none. */
function withWidthsOf(before: ModelVersion, request: RegisterRequest): RegisterRequest {
  const names = columnsToWiden(before.signature, request.signature);
  if (names.size === 0) return request;
  const { bytes, model, signature } = withWiderColumns(loadModel(request.bytes).model, request.signature, names);
  checkContract(model, TARGETS[request.target], bytes.length);
  const provenance = { ...request.provenance, converted: request.sha256, widened: [...names] };
  return { ...request, bytes, sha256: sha256Of(bytes), signature, provenance };
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
  const conversion = await readDocument(file, sha256);
  const target = conversion?.target ?? targetOf(model);
  checkContract(model, TARGETS[target], bytes.length);
  return {
    name: options.name ?? conversion?.name ?? path.parse(file).name,
    bytes,
    sha256,
    target,
    signature,
    verification: conversion?.verification ?? null,
    provenance: conversion?.provenance ?? {},
    description: options.description ?? conversion?.model ?? null,
    alias: options.alias ?? null,
    allowUnverified: options.allowUnverified ?? false,
    allowSignatureChange: options.allowSignatureChange ?? false,
  };
}

async function readDocument(file: string, sha256: string): Promise<Conversion | null> {
  const beside = path.join(path.dirname(file), `${path.parse(file).name}.json`);
  let text: string;
  await mustNotBeSpecial(beside);
  try {
    text = await readFile(beside, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  const parsed = conversionSchema.safeParse(parseJson(text));
  if (!parsed.success) return null;
  if (parsed.data.sha256 !== sha256) {
    throw new PredictableError('CHECKSUM_MISMATCH', `${beside} describes other bytes than those of ${file}`, {
      hint: 'Convert the model again, or take the document away to register without its verification (--allow-unverified).',
      details: { expected: parsed.data.sha256, found: sha256 },
    });
  }
  return parsed.data;
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
