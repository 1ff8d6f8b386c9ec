/** Keys that sign and that are accepted: ECDSA on the three curves of NIST's, as OpenSSF Model Signing 1.0 takes them. */

import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileError, PredictableError } from '../errors.js';
import { ordinary } from '../files/ordinary.js';

/** The digest that goes with each curve. */
const DIGESTS: Record<string, 'sha256' | 'sha384' | 'sha512'> = {
  prime256v1: 'sha256',
  secp384r1: 'sha384',
  secp521r1: 'sha512',
};

export interface EcKey {
  /** The file that it came from. */
  file: string;
  /** The key in PEM, not encrypted: text, so that whoever imports the types needs none of Node's. */
  pem: string;
  digest: 'sha256' | 'sha384' | 'sha512';
  /** sha256 of the public key as PEM, which a signature names its key by. */
  fingerprint: string;
}

/** The variable that an encrypted key's passphrase comes from: an argument would be seen by others. */
export const PASSPHRASE = 'PREDICTABLE_KEY_PASSPHRASE';

/** Throws USAGE for what is no such key, or is encrypted and its passphrase is missing or wrong. */
export async function readPrivateKey(file: string, passphrase = process.env[PASSPHRASE]): Promise<EcKey> {
  const pem = await readPem(file);
  try {
    const key = createPrivateKey({ key: pem, ...(passphrase === undefined ? {} : { passphrase }) });
    return ecKey(file, String(key.export({ type: 'pkcs8', format: 'pem' })), createPublicKey(key));
  } catch (error) {
    if (error instanceof PredictableError) throw error;
    const encrypted = /ENCRYPTED/.test(pem);
    throw new PredictableError(
      'USAGE',
      `${file} is not a private key that can be read${encrypted ? ': it is encrypted' : ''}`,
      {
        hint: encrypted ? `Give its passphrase in ${PASSPHRASE}.` : MAKING,
      },
    );
  }
}

/** Throws USAGE for what is no public key of these curves; a private key is refused, since nobody should hand it around. */
export async function readPublicKey(file: string): Promise<EcKey> {
  const pem = await readPem(file);
  if (/PRIVATE KEY/.test(pem)) {
    throw new PredictableError('USAGE', `${file} is a private key`, {
      hint: `The public one is enough: openssl ec -in KEY -pubout -out KEY.pub`,
    });
  }
  try {
    const key = createPublicKey(pem);
    return ecKey(file, String(key.export(SPKI)), key);
  } catch (error) {
    if (error instanceof PredictableError) throw error;
    throw new PredictableError('USAGE', `${file} is not a public key in PEM`, { hint: MAKING });
  }
}

const MAKING =
  'Make a pair with: openssl ecparam -name prime256v1 -genkey -noout -out signer.key && openssl ec -in signer.key -pubout -out signer.pub';

const SPKI = { type: 'spki', format: 'pem' } as const;

/** Of a key with thousands of bits; no more is read. */
const LONGEST_PEM = 2 ** 16;

async function readPem(file: string): Promise<string> {
  if ((await ordinary(file)).size > LONGEST_PEM) throw new PredictableError('USAGE', `${file} is too large for a key`);
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw fileError(error, file) ?? error;
  }
}

function ecKey(file: string, pem: string, publicKey: KeyObject): EcKey {
  const curve = publicKey.asymmetricKeyDetails?.namedCurve ?? '';
  const digest = DIGESTS[curve];
  if (publicKey.asymmetricKeyType !== 'ec' || digest === undefined) {
    const kind = curve === '' ? publicKey.asymmetricKeyType : `a key on the curve ${curve}`;
    throw new PredictableError('USAGE', `${file} is ${kind}: P-256, P-384 and P-521 are what models are signed with`, {
      hint: MAKING,
    });
  }
  const fingerprint = createHash('sha256').update(publicKey.export(SPKI)).digest('hex');
  return { file, pem, digest, fingerprint };
}
