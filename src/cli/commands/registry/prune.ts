/** Removes all versions of a model but the newest and those with an alias. */

import { NAME, REGISTRY, withExamples } from '../../arguments/options.js';
import { mustBeOnServer, withRegistry } from '../../arguments/with-registry.js';
import { defineCommand } from '../../command.js';
import { EXIT } from '../../exit-codes.js';
import { plural } from '../../output.js';
import { SCRIPT, writeScript } from '../../text/script.js';
import { versionTable } from '../../text/versions.js';

export const prune = defineCommand('prune', {
  builder: (yargs) =>
    withExamples(
      yargs
        .positional('name', NAME)
        .options(REGISTRY)
        .options({
          keep: { type: 'number', demandOption: true, describe: 'how many of the newest stay' },
          'dry-run': { type: 'boolean', default: false, describe: 'say what would go, and keep it' },
        })
        .options(SCRIPT),
      [['prune iris --keep 5 --dry-run', '']],
    ),
  handler: async (args, { output, signal }) => {
    const { name, keep, script } = args;
    const dryRun = args.dryRun || script !== undefined;
    return withRegistry({ ...args, signal }, dryRun ? 'read' : 'write', async (registry) => {
      const gone = await registry.prune(name, { keep, dryRun });
      const { url } = registry;
      if (script !== undefined) {
        const { pruneScriptFor } = await import('../../../registry/mssql/scripts/from-server.js');
        const scripts = await writeScript(script, await pruneScriptFor(mustBeOnServer(registry), gone), output);
        output.document({ registry: url, dryRun, removed: gone, scripts });
      } else output.document({ registry: url, dryRun, removed: gone });
      output.line(`${dryRun ? 'would remove' : 'removed'} ${plural(gone.length, 'version')} of ${name}  (${url})`);
      if (gone.length > 0) for (const line of versionTable(gone)) output.line(line);
      return EXIT.done;
    });
  },
});
