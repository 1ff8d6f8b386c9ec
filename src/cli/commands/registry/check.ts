/** Every stored model of a registry, hashed again. */

import { REGISTRY, withExamples } from '../../arguments/options.js';
import { withRegistry } from '../../arguments/with-registry.js';
import { defineCommand } from '../../command.js';
import { EXIT } from '../../exit-codes.js';
import { count, plural } from '../../output.js';

export const check = defineCommand('check', {
  builder: (yargs) => withExamples(yargs.options(REGISTRY), [['check', '']]),
  handler: async (args, { output, signal }) =>
    withRegistry({ ...args, signal }, 'read', async (registry) => {
      const results = await registry.check();
      const bad = results.filter(({ ok }) => !ok);
      output.document({ registry: registry.url, results });
      for (const { name, version, message } of bad)
        output.paragraph(`${output.style('red', '✗')} ${name}@${version}  ${message}`);
      output.line(
        `${registry.url}: ${count(results.length - bad.length)} of ${plural(results.length, 'version')} whole`,
      );
      return bad.length === 0 ? EXIT.done : EXIT.failed;
    }),
});
