import { defineCommand } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { ENVIRONMENT, withExamples } from '../options.js';
import { count, difference, size, table } from '../output.js';

export const demo = defineCommand({
  builder: (yargs) =>
    withExamples(
      yargs
        .options({ output: { type: 'string', alias: 'o', default: 'demo', describe: 'folder of everything it makes' } })
        .options(ENVIRONMENT),
      [['demo', '']],
    ),
  handler: async (args, { output, signal }) => {
    const [{ mkdir }, path, { Converters }, { demo: runDemo }, { buildProgress }] = await Promise.all([
      import('node:fs/promises'),
      import('node:path'),
      import('../../convert/converters.js'),
      import('../../demo/demo.js'),
      import('../build-progress.js'),
    ]);
    const { python, wheelhouse, wheel: wheels, requirements } = args;
    const converters = await Converters.open({
      python,
      wheelhouse,
      wheels,
      requirements,
      onProgress: buildProgress(output),
      signal,
    });
    try {
      for (const folder of ['predictions', 'rows']) await mkdir(path.join(args.output, folder), { recursive: true });
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
      output.next(`predictable show iris@production --registry duckdb:${args.output}/registry.duckdb`);
      return rows.every(({ asExpected }) => asExpected) ? EXIT.done : EXIT.failed;
    } finally {
      await converters.close();
    }
  },
});
