/** The versions of a model, and every move of its aliases. */

import { NAME, REGISTRY, withExamples } from '../../arguments/options.js';
import { withRegistry } from '../../arguments/with-registry.js';
import { defineCommand } from '../../command.js';
import { EXIT } from '../../exit-codes.js';
import { table } from '../../output.js';
import { shortTime, versionTable } from '../../text/versions.js';

export const history = defineCommand('history', {
  builder: (yargs) => withExamples(yargs.positional('name', NAME).options(REGISTRY), [['history iris', '']]),
  handler: async (args, { output, signal }) =>
    withRegistry({ ...args, signal }, 'read', async (registry) => {
      const [versions, events] = [await registry.versions(args.name), await registry.history(args.name)];
      output.document({ registry: registry.url, versions, events });
      for (const line of versionTable(versions)) output.line(line);
      output.line();
      const rows = events.map(({ at, action, alias, previous, version }) => [
        shortTime(at),
        action,
        alias,
        `${previous ?? '–'} → ${version ?? '–'}`,
      ]);
      for (const line of table(['WHEN', 'WHAT', 'ALIAS', 'VERSION'], rows)) output.line(line);
      return EXIT.done;
    }),
});
