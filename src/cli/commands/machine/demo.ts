import { forShell } from '../../../shell.js';
import { ENVIRONMENT, withExamples } from '../../arguments/options.js';
import { withConverters } from '../../arguments/with-converters.js';
import { defineCommand } from '../../command.js';
import { EXIT } from '../../exit-codes.js';
import { count, difference, size, table } from '../../output.js';

export const demo = defineCommand('demo', {
  builder: (yargs) =>
    withExamples(
      yargs
        .options({ output: { type: 'string', alias: 'o', default: 'demo', describe: 'folder of everything it makes' } })
        .options(ENVIRONMENT),
      [['demo', '']],
    ),
  handler: async (args, context) =>
    withConverters(args, context, async (converters) => {
      const { demo: runDemo } = await import('../../../demo/demo.js');
      const { output, signal } = context;
      const rows = await runDemo(converters, {
        folder: args.output,
        onStep: (text) => output.note(`${text} …`),
        signal,
      });
      output.document({ folder: args.output, models: rows });
      const lines = rows.map(({ name, conversion, version, rowsPerSecond }) => {
        const { verification, error } = conversion;
        if (error !== undefined || verification === undefined) {
          return [name, conversion.format ?? '', '', '', '', '', '', '', `refused: ${error?.code}`, ''];
        }
        return [
          name,
          conversion.format ?? '',
          size(conversion.sourceBytes ?? 0),
          size(conversion.bytes ?? 0),
          `${conversion.inputs?.length} → ${conversion.outputs?.length}`,
          count(verification.rows),
          difference(verification.maxAbsDiff),
          String(verification.labelMismatches),
          `version ${version}`,
          count(rowsPerSecond ?? 0),
        ];
      });
      const headings = [
        'MODEL',
        'FORMAT',
        'BEFORE',
        'AFTER',
        'COLUMNS',
        'ROWS',
        'MAX DIFF',
        'LABELS',
        'REGISTERED',
        'ROWS/S',
      ];
      for (const line of table(headings, lines)) output.line(line);
      const verified = rows.filter(({ conversion }) => conversion.status === 'converted').length;
      output.line();
      output.line(`${verified} models verified, ${rows.length - verified} refused as it should be  (${args.output})`);
      output.next(`predictable show iris@production --registry ${forShell(`duckdb:${args.output}/registry.duckdb`)}`);
      return rows.every(({ asExpected }) => asExpected) ? EXIT.done : EXIT.failed;
    }),
});
