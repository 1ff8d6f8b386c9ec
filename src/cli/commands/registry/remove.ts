/** Removes one version, unless an alias points to it. */

import { NAME, REGISTRY, withExamples } from '../../arguments/options.js';
import { withVersion } from '../../arguments/versions.js';
import { mustBeOnServer, withRegistry } from '../../arguments/with-registry.js';
import { defineCommand } from '../../command.js';
import { EXIT } from '../../exit-codes.js';
import { SCRIPT, writeScript } from '../../text/script.js';

export const remove = defineCommand('remove', {
  builder: (yargs) =>
    withExamples(yargs.positional('name', NAME).options(REGISTRY).options(SCRIPT), [['remove iris@2', '']]),
  handler: async (args, { output, signal }) => {
    const { name, version } = await withVersion(args.name, 'remove');
    return withRegistry({ ...args, signal }, args.script === undefined ? 'write' : 'read', async (registry) => {
      if (args.script !== undefined) {
        const { removeScriptFor } = await import('../../../registry/mssql/scripts/from-server.js');
        const change = await removeScriptFor(mustBeOnServer(registry), name, version);
        output.document({ registry: registry.url, scripts: await writeScript(args.script, change, output) });
        return EXIT.done;
      }
      await registry.remove(name, version);
      output.document({ registry: registry.url, removed: { name, version } });
      output.line(`removed ${name}@${version}  (${registry.url})`);
      return EXIT.done;
    });
  },
});
