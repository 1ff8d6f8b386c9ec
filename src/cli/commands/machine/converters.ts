/** Converters, the formats that they read, and their environments. */

import { withExamples } from '../../arguments/options.js';
import { defineCommand } from '../../command.js';
import { EXIT } from '../../exit-codes.js';
import { table } from '../../output.js';

export const converters = defineCommand('converters', {
  builder: (yargs) => withExamples(yargs, [['converters', '']]),
  handler: async (_args, { output }) => {
    const { surveyConverters } = await import('../../../environments/survey.js');
    const results = await surveyConverters();
    output.document({ results });
    const formats = results.flatMap(({ id, formats }) =>
      formats.map(({ title, extensions, loading }) => [
        id,
        title,
        extensions.join(' '),
        loading === 'safe' ? 'safe' : 'needs trust',
      ]),
    );
    for (const line of table(['CONVERTER', 'FORMAT', 'FILES', 'LOADING'], formats)) output.line(line);
    output.line();
    const environments = results.flatMap(({ id, environments }) =>
      environments.map(({ name, loads, state, python }) => [id, name, loads ?? '', state, python ?? '']),
    );
    for (const line of table(['CONVERTER', 'ENVIRONMENT', 'FOR', 'STATE', 'PYTHON'], environments)) output.line(line);
    return EXIT.done;
  },
});
