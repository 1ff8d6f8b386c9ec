/** The signature of a version in a registry, which its provenance holds: over the ONNX that is stored, checked again whenever it is asked for. */

import { z } from 'zod';
import { PredictableError } from '../errors.js';
import { badSignature, namedSigner, openBundle, short } from './bundle.js';
import type { EcKey } from './keys.js';
import { isOf } from './statement.js';

const storedSchema = z.object({
  signer: z.string(),
  bundle: z.string(),
  /** What the signature calls the model; versions registered before it was kept have none. */
  file: z.string().optional(),
});
export type StoredSignature = z.infer<typeof storedSchema>;

/** The key under which a version's provenance holds its signature. */
export const SIGNATURE = 'signedBy';

/** `name`: of the signature's file; `file`: of the model's, as the signature lists it. */
export function storedSignature(name: string, bundle: string, file: string): StoredSignature {
  return { signer: namedSigner(name, bundle), bundle, file };
}

type Provenance = Record<string, unknown>;

/**
 * What a version's provenance becomes when it is registered again with another signature; null where it stays. `checked`: the new
 * one is by a key that is accepted. One that nobody has checked takes the place of none: anybody can sign what is there.
 */
export function signedAnew(before: Provenance, now: Provenance, checked: boolean): Provenance | null {
  const [old, signature] = [before[SIGNATURE], now[SIGNATURE]];
  if (signature === undefined || JSON.stringify(signature) === JSON.stringify(old)) return null;
  return old === undefined || checked ? { ...before, [SIGNATURE]: signature } : null;
}

interface Stored {
  name: string;
  version: number;
  provenance: Provenance;
}

/**
 * Holds the bytes of a version against its signature. Throws NOT_SIGNED, UNTRUSTED_SIGNER, and BAD_SIGNATURE where they are not
 * what was signed.
 */
export function mustBeSigned({ name, version, provenance }: Stored, bytes: Uint8Array, accepted: EcKey[]): void {
  const label = `${name}@${version}`;
  const read = storedSchema.safeParse(provenance[SIGNATURE]);
  if (!read.success) {
    throw new PredictableError('NOT_SIGNED', `${label} is not signed`, {
      hint: 'Sign the model, and register it again.',
    });
  }
  const { bundle, file } = read.data;
  const { statement } = openBundle(`the signature of ${label}`, bundle, accepted);
  const listed = statement.predicate.resources.filter(({ name: each }) =>
    file === undefined ? each.endsWith('.onnx') : each === file,
  );
  const signed = listed.some((each) => isOf(each, bytes));
  if (!signed)
    throw badSignature(`the signature of ${label}`, 'the model that is stored is not the one that was signed');
}

/** Who signed a version, as it says itself; null where nobody did. */
export function signerText(provenance: Provenance): string | null {
  const read = storedSchema.safeParse(provenance[SIGNATURE]);
  return read.success ? `it says by the key ${short(read.data.signer)}; --require-signature checks that` : null;
}
