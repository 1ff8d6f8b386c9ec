/** Signs converted models with a key, as OpenSSF Model Signing 1.0 has it. */

import { withExamples } from '../../arguments/options.js';
import { defineCommand } from '../../command.js';
import { EXIT } from '../../exit-codes.js';

export const sign = defineCommand('sign', {
  builder: (yargs) =>
    withExamples(
      yargs
        .positional('model', {
          type: 'string',
          array: true,
          demandOption: true,
          describe: 'ONNX files that convert wrote',
        })
        .options({
          key: { type: 'string', demandOption: true, describe: 'private key (PEM, EC on P-256, P-384 or P-521)' },
        }),
      [['sign out/*.onnx --key signer.key', 'writes out/NAME.sig over NAME.onnx and NAME.json']],
    ),
  handler: async (args, { output, signal }) => {
    const [{ readPrivateKey }, { signModel }, { short }] = await Promise.all([
      import('../../../signing/keys.js'),
      import('../../../signing/model-files.js'),
      import('../../../signing/bundle.js'),
    ]);
    const key = await readPrivateKey(args.key);
    const results = [];
    for (const model of args.model) {
      signal.throwIfAborted();
      const signed = await signModel(model, key);
      results.push({ model, ...signed });
      output.line(`${output.style('green', '✓')} ${signed.output}  over ${signed.files.join(' and ')}`);
    }
    output.document({ signer: key.fingerprint, results });
    output.line(`signed by the key ${short(key.fingerprint)}`);
    return EXIT.done;
  },
});
