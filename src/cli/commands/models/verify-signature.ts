/** Says whether a model is what somebody signed, and who. */

import { withExamples } from '../../arguments/options.js';
import { defineCommand } from '../../command.js';
import { EXIT } from '../../exit-codes.js';

export const verifySignature = defineCommand('verify-signature', {
  builder: (yargs) =>
    withExamples(
      yargs.positional('model', { type: 'string', demandOption: true, describe: 'an ONNX file' }).options({
        key: {
          type: 'array',
          string: true,
          demandOption: true,
          describe: 'public keys (PEM) that are accepted, each by itself',
        },
        signature: { type: 'string', describe: 'the signature (default: NAME.sig beside the model)' },
      }),
      [['verify-signature out/iris.onnx --key signer.pub --key signer-of-last-year.pub', '']],
    ),
  handler: async (args, { output }) => {
    const [{ readPublicKey }, { verifyModel }, { short }] = await Promise.all([
      import('../../../signing/keys.js'),
      import('../../../signing/model-files.js'),
      import('../../../signing/bundle.js'),
    ]);
    const keys = await Promise.all(args.key.map(readPublicKey));
    const signed = await verifyModel(args.model, keys, args.signature);
    output.document({ model: args.model, ...signed });
    const files = signed.files.join(' and ');
    output.line(`${output.style('green', '✓')} ${files}: signed by ${signed.key} (${short(signed.signer)})`);
    return EXIT.done;
  },
});
