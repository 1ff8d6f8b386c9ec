import { defineCommand } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { REGISTRY, withExamples } from '../options.js';
import { withRegistry } from '../registry-access.js';

export const register = defineCommand({
  builder: (yargs) =>
    withExamples(
      yargs
        .positional('model', {
          type: 'string',
          array: true,
          demandOption: true,
          describe: 'ONNX files that convert wrote',
        })
        .options(REGISTRY)
        .options({
          name: { type: 'string', describe: 'name in the registry (default: from the file)' },
          alias: { type: 'string', describe: 'point this alias to the new version' },
          description: { type: 'string', describe: 'a line about it' },
          'allow-unverified': { type: 'boolean', default: false, describe: 'also without a passed verification' },
          'allow-signature-change': {
            type: 'boolean',
            default: false,
            describe: 'also when inputs or outputs differ from the version behind the alias',
          },
        }),
      [
        ['register out/iris.onnx --alias production', ''],
        ['register out/*.onnx --registry duckdb:models.duckdb', 'several at once'],
      ],
    ),
  handler: async (args, { output }) => {
    const { PredictableError } = await import('../../errors.js');
    if (args.name !== undefined && args.model.length > 1) {
      throw new PredictableError('USAGE', `--name names one model, but ${args.model.length} were given`);
    }
    const { registerFile } = await import('../../registry/register-file.js');
    return withRegistry(args, 'write', async (registry) => {
      const results = [];
      for (const file of args.model) {
        const { name, alias, description, allowUnverified, allowSignatureChange } = args;
        const { version, created } = await registerFile(file, registry, {
          name,
          alias,
          description,
          allowUnverified,
          allowSignatureChange,
        });
        results.push({ file, created, model: version });
        const aliases = version.aliases.map((each) => `, @${each}`).join('');
        const what = created ? 'registered as' : 'is already';
        output.line(
          `${output.style('green', '✓')} ${file} ${what} ${version.name}@${version.version}${aliases}  (${registry.url})`,
        );
      }
      output.document({ registry: registry.url, results });
      const [first] = results;
      if (first !== undefined) output.next(`predictable score ${first.model.name} --data ROWS.csv -o predictions.csv`);
      return EXIT.done;
    });
  },
});
