/** Models of a registry, the newest version of each. */

import { REGISTRY, withExamples } from '../../arguments/options.js';
import { withRegistry } from '../../arguments/with-registry.js';
import { defineCommand } from '../../command.js';
import { EXIT } from '../../exit-codes.js';
import { plural } from '../../output.js';
import { versionTable } from '../../text/versions.js';

export const list = defineCommand('list', {
  builder: (yargs) => withExamples(yargs.options(REGISTRY), [['list --registry duckdb:models.duckdb', '']]),
  handler: async (args, { output, signal }) =>
    withRegistry({ ...args, signal }, 'read', async (registry) => {
      const models = await registry.list();
      output.document({ registry: registry.url, models });
      output.line(`${registry.url}: ${plural(models.length, 'model')}`);
      if (models.length > 0) for (const line of versionTable(models)) output.line(line);
      return EXIT.done;
    }),
});
