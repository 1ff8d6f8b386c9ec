/** The command that writes the page of a run. */

import { withExamples } from '../../arguments/options.js';
import { defineCommand } from '../../command.js';
import { EXIT } from '../../exit-codes.js';
import { count, plural, size } from '../../output.js';

export const report = defineCommand('report', {
  builder: (yargs) =>
    withExamples(
      yargs.positional('run', { type: 'string', demandOption: true, describe: 'folder of a run of batch' }).options({
        output: {
          type: 'string',
          alias: 'o',
          describe: 'page to write, with its .md beside it (default: report.html in the folder)',
        },
      }),
      [
        ['report out', 'also while the run goes on'],
        ['report out -o page.html', ''],
      ],
    ),
  handler: async (args, { output }) => {
    const { writeReport } = await import('../../../report/write-report.js');
    const { html, markdown, bytes, run } = await writeReport(args.run, args.output);
    output.document({ html, markdown, bytes, run });
    const { models, failed } = run.totals;
    output.line(`${html}  ${size(bytes)}  ${plural(models, 'model')}${failed > 0 ? `, ${count(failed)} failed` : ''}`);
    output.line(markdown);
    return EXIT.done;
  },
});
