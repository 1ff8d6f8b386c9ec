/** Puts an alias back on the version before. */

import { NAME, REGISTRY, withExamples } from '../../arguments/options.js';
import { ALIAS } from '../../arguments/versions.js';
import { mustBeOnServer, withRegistry } from '../../arguments/with-registry.js';
import { defineCommand } from '../../command.js';
import { EXIT } from '../../exit-codes.js';
import { SCRIPT, writeScript } from '../../text/script.js';

export const rollback = defineCommand('rollback', {
  builder: (yargs) =>
    withExamples(yargs.positional('name', NAME).positional('alias', ALIAS).options(REGISTRY).options(SCRIPT), [
      ['rollback iris production', ''],
    ]),
  handler: async (args, { output, signal }) =>
    withRegistry({ ...args, signal }, args.script === undefined ? 'write' : 'read', async (registry) => {
      const { name, alias } = args;
      if (args.script !== undefined) {
        const { rollbackScriptFor } = await import('../../../registry/mssql/scripts/from-server.js');
        const change = await rollbackScriptFor(mustBeOnServer(registry), name, alias);
        output.document({ registry: registry.url, scripts: await writeScript(args.script, change, output) });
        return EXIT.done;
      }
      const version = await registry.rollback(name, alias);
      output.document({ registry: registry.url, model: version });
      output.line(`${name}@${alias} is version ${version.version} again  (${registry.url})`);
      return EXIT.done;
    }),
});
