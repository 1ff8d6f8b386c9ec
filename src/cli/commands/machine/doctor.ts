/** What this machine has, what is missing, and how to get it. */

import { REGISTRY, withExamples } from '../../arguments/options.js';
import { defineCommand } from '../../command.js';
import { EXIT } from '../../exit-codes.js';
import { table } from '../../output.js';

export const doctor = defineCommand('doctor', {
  builder: (yargs) =>
    withExamples(yargs.options(REGISTRY), [
      ['doctor', ''],
      ['doctor --registry mssql://ml@edge.plant.example/ml', 'what that server can do'],
    ]),
  handler: async (args, { output, signal }) => {
    const [{ diagnose }, { passwordAsker }] = await Promise.all([
      import('../../../doctor/diagnose.js'),
      import('../../arguments/password.js'),
    ]);
    const findings = await diagnose(args.registry, { ask: passwordAsker(args.passwordStdin), signal });
    output.document({ findings });
    const rows = findings.map(({ part, state, detail, hint }) => [
      state === 'ok' ? '✓' : state === 'optional' ? '·' : '✗',
      part,
      detail,
      hint ?? '',
    ]);
    for (const line of table(['', 'WHAT', 'FOUND', 'HOW TO GET IT'], rows)) output.line(line);
    return findings.some(({ state }) => state === 'missing') ? EXIT.failed : EXIT.done;
  },
});
