/** Keys as options. */

import type { Options } from 'yargs';
import type { EcKey } from '../../signing/keys.js';

export const REQUIRE_SIGNATURE = {
  'require-signature': {
    type: 'array',
    string: true,
    describe: 'public keys (PEM): nothing that none of them signed is taken',
    group: 'Trust:',
  },
} as const satisfies Record<string, Options>;

/** The keys of files; undefined where no option asked for any. */
export async function publicKeys(files: string[] | undefined): Promise<EcKey[] | undefined> {
  if (files === undefined) return undefined;
  const { PredictableError } = await import('../../errors.js');
  if (files.length === 0) throw new PredictableError('USAGE', '--require-signature takes files of public keys');
  const { readPublicKey } = await import('../../signing/keys.js');
  return Promise.all(files.map(readPublicKey));
}

export async function privateKey(file: string): Promise<EcKey> {
  return (await import('../../signing/keys.js')).readPrivateKey(file);
}

/** A script is run later, by somebody else: what it would find then nobody can check now. */
export async function noSignatureInScripts(): Promise<Error> {
  const { PredictableError } = await import('../../errors.js');
  return new PredictableError('USAGE', '--require-signature and --script do not go together', {
    hint: 'Check the model before: predictable verify-signature MODEL.onnx --key FILE',
  });
}
