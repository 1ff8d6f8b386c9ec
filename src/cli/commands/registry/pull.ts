/** The ONNX file of a version, checked against its sha256. */

import { NAME, REGISTRY, withExamples } from '../../arguments/options.js';
import { withRegistry } from '../../arguments/with-registry.js';
import { defineCommand } from '../../command.js';
import { EXIT } from '../../exit-codes.js';
import { size } from '../../output.js';

export const pull = defineCommand('pull', {
  builder: (yargs) =>
    withExamples(
      yargs
        .positional('name', NAME)
        .options(REGISTRY)
        .options({ output: { type: 'string', alias: 'o', demandOption: true, describe: 'file to write' } }),
      [['pull iris@production -o iris.onnx', '']],
    ),
  handler: async (args, { output, signal }) =>
    withRegistry({ ...args, signal }, 'read', async (registry) => {
      const { parseReference } = await import('../../../registry/reference.js');
      const { pullFile } = await import('../../../registry/pull-file.js');
      const { version, bytes } = await registry.read(parseReference(args.name));
      const files = await pullFile(args.output, version, bytes);
      output.document({ registry: registry.url, model: version, output: args.output, files });
      output.line(
        `${version.name}@${version.version} → ${args.output}  ${size(bytes.length)}, sha256 ${version.sha256.slice(0, 12)}`,
      );
      return EXIT.done;
    }),
});
