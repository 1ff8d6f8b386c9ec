/** A signature as a file: a Sigstore bundle (v0.3) around a DSSE envelope, with one signature by a key. */

import { sign, verify } from 'node:crypto';
import { z } from 'zod';
import { PredictableError } from '../errors.js';
import type { EcKey } from './keys.js';
import { PAYLOAD_TYPE, readStatement, type Statement } from './statement.js';

const MEDIA_TYPE = 'application/vnd.dev.sigstore.bundle.v0.3+json';
/** Versions before it named the type otherwise (https://docs.sigstore.dev/about/bundle/). */
const MEDIA_TYPES = /^application\/vnd\.dev\.sigstore\.bundle(\.v0\.3\+json|\+json;version=0\.[123])$/;

const base64 = z
  .string()
  .regex(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/)
  .min(1);

const bundleSchema = z.strictObject({
  mediaType: z.string().regex(MEDIA_TYPES),
  verificationMaterial: z.strictObject({
    publicKey: z.strictObject({ hint: z.string().min(1) }),
    tlogEntries: z.array(z.unknown()).optional(),
    timestampVerificationData: z.unknown().optional(),
  }),
  dsseEnvelope: z.strictObject({
    payload: base64,
    payloadType: z.literal(PAYLOAD_TYPE),
    signatures: z.tuple([z.strictObject({ sig: base64, keyid: z.string().optional() })]),
  }),
});

export function bundleOf(statement: Statement, { pem, digest, fingerprint }: EcKey): string {
  const payload = Buffer.from(JSON.stringify(statement));
  const signature = sign(digest, authenticated(payload), pem);
  const bundle: z.infer<typeof bundleSchema> = {
    mediaType: MEDIA_TYPE,
    verificationMaterial: { publicKey: { hint: fingerprint }, tlogEntries: [] },
    dsseEnvelope: {
      payload: payload.toString('base64'),
      payloadType: PAYLOAD_TYPE,
      signatures: [{ sig: signature.toString('base64'), keyid: '' }],
    },
  };
  return `${JSON.stringify(bundle)}\n`;
}

/** What one of the keys has signed, and which. Throws BAD_SIGNATURE, or UNTRUSTED_SIGNER where none of them did. `name`: of the signature's file. */
export function openBundle(name: string, text: string, accepted: EcKey[]): { statement: Statement; signer: EcKey } {
  const { publicKey, envelope } = readBundle(name, text);
  const signer = accepted.find(({ fingerprint }) => fingerprint === publicKey.hint);
  if (signer === undefined) {
    const keys = accepted.map(({ file, fingerprint }) => `${file} (${short(fingerprint)})`).join(', ');
    throw new PredictableError(
      'UNTRUSTED_SIGNER',
      `${name} is by the key ${short(publicKey.hint)}, which is none of ${keys}`,
      {
        hint: 'Give its public key too when you accept it, or have the model signed again.',
        details: { signer: publicKey.hint },
      },
    );
  }
  const payload = Buffer.from(envelope.payload, 'base64');
  const [{ sig }] = envelope.signatures;
  if (!verify(signer.digest, authenticated(payload), signer.pem, Buffer.from(sig, 'base64'))) {
    throw badSignature(name, `it does not verify with ${signer.file}: it was changed, or made by another key`);
  }
  return { statement: statementIn(name, payload), signer };
}

/** What a bundle says that was signed, which nothing proves. Throws BAD_SIGNATURE. */
export function unverifiedStatement(name: string, text: string): Statement {
  return statementIn(name, Buffer.from(readBundle(name, text).envelope.payload, 'base64'));
}

function statementIn(name: string, payload: Uint8Array): Statement {
  const statement = readStatement(payload);
  if (typeof statement === 'string') throw badSignature(name, statement);
  return statement;
}

/** The key that a signature says it is by, which nothing proves. Throws BAD_SIGNATURE. */
export function namedSigner(name: string, text: string): string {
  return readBundle(name, text).publicKey.hint;
}

export function badSignature(name: string, reason: string): PredictableError {
  return new PredictableError('BAD_SIGNATURE', `${name}: ${reason}`, {
    hint: 'Take the model and its signature again from where they came from, or sign it again: predictable sign MODEL.onnx --key FILE',
  });
}

/** Enough of a fingerprint for people to tell keys apart. */
export function short(fingerprint: string): string {
  return fingerprint.slice(0, 16);
}

function readBundle(name: string, text: string) {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw badSignature(name, 'it is no JSON');
  }
  const read = bundleSchema.safeParse(document);
  if (!read.success) {
    const [issue] = read.error.issues;
    const place = issue?.path.join('.') ?? '';
    throw badSignature(
      name,
      `it is no bundle with a signature by a key${place === '' ? '' : ` (${place}: ${issue?.message})`}`,
    );
  }
  const { verificationMaterial, dsseEnvelope: envelope } = read.data;
  return { publicKey: verificationMaterial.publicKey, envelope };
}

/** DSSE's pre-authentication encoding (https://github.com/secure-systems-lab/dsse). */
function authenticated(payload: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`DSSEv1 ${PAYLOAD_TYPE.length} ${PAYLOAD_TYPE} ${payload.length} `), payload]);
}
