import type { RegisterRequest, Registry } from '../../../registry/registry.js';
import { forShell } from '../../../shell.js';
import { REGISTRY, withExamples } from '../../arguments/options.js';
import { publicKeys, REQUIRE_SIGNATURE } from '../../arguments/signing.js';
import { withRegistry } from '../../arguments/with-registry.js';
import { defineCommand } from '../../command.js';
import { EXIT } from '../../exit-codes.js';
import type { Output } from '../../output.js';
import { readyToWrite } from '../../text/initialization.js';
import { SCRIPT, writeScript } from '../../text/script.js';

export const register = defineCommand('register', {
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
          init: {
            type: 'boolean',
            default: false,
            describe: 'create the registry’s tables on the server when they are missing',
            group: 'Registry:',
          },
        })
        .options(REQUIRE_SIGNATURE)
        .options(SCRIPT),
      [
        ['register out/iris.onnx --alias production', ''],
        ['register out/*.onnx --registry duckdb:models.duckdb', 'several at once'],
        ['register out/iris.onnx --registry mssql://ml@edge.example/ml', 'on a server'],
        ['register out/iris.onnx --registry prod --script iris.sql', 'for a DBA'],
      ],
    ),
  handler: async (args, { output, signal }) => {
    const { PredictableError } = await import('../../../errors.js');
    if (args.name !== undefined && args.model.length > 1) {
      throw new PredictableError('USAGE', `--name names one model, but ${args.model.length} were given`);
    }
    const { registerFile, requestForFile } = await import('../../../registry/register-file.js');
    const { name, alias, description, allowUnverified, allowSignatureChange } = args;
    const requireSignature = await publicKeys(args.requireSignature);
    const request = { name, alias, description, allowUnverified, allowSignatureChange, requireSignature };
    if (args.script !== undefined) {
      if (args.model.length > 1) throw new PredictableError('USAGE', '--script writes the SQL for one model at a time');
      const [file = ''] = args.model;
      const scripts = await registrationScript(args.script, await requestForFile(file, request), args.registry, output);
      output.document({ registry: null, results: [], scripts });
      return EXIT.done;
    }
    return withRegistry({ ...args, signal }, 'write', async (registry) => {
      await readyToWrite(registry, args.init, output);
      const results = [];
      for (const file of args.model) {
        signal.throwIfAborted();
        const { version, created } = await registerFile(file, registry, request);
        results.push({ file, created, model: version });
        const aliases = version.aliases.map((each) => `, @${each}`).join('');
        const what = created ? 'registered as' : 'is already';
        output.line(
          `${output.style('green', '✓')} ${file} ${what} ${version.name}@${version.version}${aliases}  (${registry.url})`,
        );
      }
      output.document({ registry: registry.url, results });
      const [first] = results;
      if (first !== undefined) output.next(await nextStep(first.model.name, registry));
      return EXIT.done;
    });
  },
});

async function registrationScript(
  file: string,
  request: RegisterRequest,
  registry: string,
  output: Output,
): Promise<string[]> {
  const [{ mustBeAdmissible }, { registerScript }, { scriptPlace }] = await Promise.all([
    import('../../../registry/admission.js'),
    import('../../../registry/mssql/scripts/register.js'),
    import('../../../registry/mssql/scripts/place.js'),
  ]);
  mustBeAdmissible(request);
  return writeScript(file, registerScript(await scriptPlace(registry, request.target), request), output);
}

/** In the database where that can score, else here. */
async function nextStep(model: string, registry: Registry): Promise<string> {
  const name = forShell(model);
  if (registry.onServer() === null) return `predictable score ${name} --data ROWS.csv -o predictions.csv`;
  const { TARGETS } = await import('../../../targets/targets.js');
  return TARGETS[await registry.engine()].predict
    ? `predictable sql ${name} --data dbo.TABLE --keys id -o score.sql`
    : `predictable score ${name} --data dbo.TABLE --engine local -o predictions.csv`;
}
