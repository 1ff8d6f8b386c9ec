/** Writes the sha256 of files that the user vouches for into a lock file. */

import { forShell } from '../../../shell.js';
import { MODEL_PATHS, withExamples } from '../../arguments/options.js';
import { defineCommand } from '../../command.js';
import { EXIT } from '../../exit-codes.js';
import { plural } from '../../output.js';

export const trust = defineCommand('trust', {
  builder: (yargs) =>
    withExamples(
      yargs.positional('path', MODEL_PATHS).options({
        output: {
          type: 'string',
          alias: 'o',
          default: 'trust.lock',
          describe: 'the lock file, meant to be committed and reviewed',
        },
      }),
      [['trust models/ -o trust.lock', 'then: predictable convert models/ --trust-lock trust.lock']],
    ),
  handler: async (args, { output }) => {
    const [{ readManifests }, { findModels }, { writeTrustLock }] = await Promise.all([
      import('../../../converters/manifest.js'),
      import('../../../detect/find-models.js'),
      import('../../../detect/trust.js'),
    ]);
    const entries = await writeTrustLock(await findModels(args.path, await readManifests()), args.output);
    output.document({ output: args.output, files: entries });
    for (const entry of entries) output.line(`${entry.sha256}  ${entry.path}`);
    output.line(`${plural(entries.length, 'file')} in ${args.output}: review it, and commit it`);
    output.next(`predictable convert ${args.path.map(forShell).join(' ')} --trust-lock ${forShell(args.output)}`);
    return EXIT.done;
  },
});
