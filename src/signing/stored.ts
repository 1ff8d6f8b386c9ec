/** The signature of a version in a registry, which its provenance holds: over the ONNX that is stored, checked again whenever it is asked for. */

import { z } from 'zod';
import { PredictableError } from '../errors.js';
import { badSignature, namedSigner, openBundle, short } from './bundle.js';
import type { EcKey } from './keys.js';

const storedSchema = z.object({ signer: z.string(), bundle: z.string() });
export type StoredSignature = z.infer<typeof storedSchema>;

/** The key under which a version's provenance holds its signature. */
export const SIGNATURE = 'signedBy';

export function storedSignature(name: string, bundle: string): StoredSignature {
  return { signer: namedSigner(name, bundle), bundle };
}

interface Stored {
  name: string;
  version: number;
  sha256: string;
  provenance: Record<string, unknown>;
}

/**
 * Throws NOT_SIGNED, UNTRUSTED_SIGNER, and BAD_SIGNATURE where the stored bytes are not those that were signed. That the bytes
 * have this sha256 is the registry's to check when it reads them.
 */
export function mustBeSigned({ name, version, sha256, provenance }: Stored, accepted: EcKey[]): void {
  const label = `${name}@${version}`;
  const read = storedSchema.safeParse(provenance[SIGNATURE]);
  if (!read.success) {
    throw new PredictableError('NOT_SIGNED', `${label} is not signed`, {
      hint: `Sign the model, take this version away (predictable remove), and register it again: a version keeps what it was registered with.`,
    });
  }
  const { statement } = openBundle(`the signature of ${label}`, read.data.bundle, accepted);
  const signed = statement.predicate.resources.some(
    ({ digest, algorithm }) => algorithm === 'sha256' && digest === sha256,
  );
  if (!signed)
    throw badSignature(`the signature of ${label}`, 'the model that is stored is not the one that was signed');
}

/** Who signed a version, as it says itself; null where nobody did. */
export function signerText(provenance: Record<string, unknown>): string | null {
  const read = storedSchema.safeParse(provenance[SIGNATURE]);
  return read.success ? `it says by the key ${short(read.data.signer)}; --require-signature checks that` : null;
}
