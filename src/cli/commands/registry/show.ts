/** One version of a registry: columns, labels, verification, and where it comes from. */

import { NAME, REGISTRY, withExamples } from '../../arguments/options.js';
import { withRegistry } from '../../arguments/with-registry.js';
import { defineCommand } from '../../command.js';
import { EXIT } from '../../exit-codes.js';
import { versionText } from '../../text/versions.js';

export const show = defineCommand('show', {
  builder: (yargs) => withExamples(yargs.positional('name', NAME).options(REGISTRY), [['show iris@production', '']]),
  handler: async (args, { output, signal }) =>
    withRegistry({ ...args, signal }, 'read', async (registry) => {
      const { parseReference } = await import('../../../registry/reference.js');
      const version = await registry.resolve(parseReference(args.name));
      output.document({ registry: registry.url, model: version });
      for (const line of versionText(version)) output.line(line);
      return EXIT.done;
    }),
});
