/** The command that writes SQL for a model, holds a file against it, or makes it on the server. */

import { list } from '../../../convert/options/text.js';
import type { AppliedObject } from '../../../deploy/apply.js';
import type { Form, RenderedSql } from '../../../deploy/render.js';
import type { ModelVersion } from '../../../registry/registry.js';
import { REGISTRY, withExamples } from '../../arguments/options.js';
import { pairs } from '../../arguments/parse.js';
import { withRegistry } from '../../arguments/with-registry.js';
import { defineCommand } from '../../command.js';
import { EXIT } from '../../exit-codes.js';
import type { Output } from '../../output.js';
import { SCRIPT, writeScript } from '../../text/script.js';

const AS = ['script', 'procedure', 'view', 'function'] as const satisfies readonly Form[];

export const sql = defineCommand('sql', {
  builder: (yargs) =>
    withExamples(
      yargs
        .positional('name', { type: 'string', demandOption: true, describe: 'name, name@3 or name@alias' })
        .options({
          engine: { type: 'string', default: 'predict', describe: 'predict: PREDICT with ONNX' },
          data: { type: 'string', default: 'dbo.features', describe: 'table or view with the rows' },
          keys: {
            type: 'string',
            describe: 'columns that go into the result: a,b (default: the primary key, else id)',
          },
          map: { type: 'array', string: true, describe: 'names that differ: column=input' },
          as: { choices: AS, default: 'script' as const, describe: 'what the SQL is' },
          object: { type: 'string', describe: 'name of the procedure or view (default: score_<model>)' },
          into: { type: 'string', describe: 'table that keeps the predictions, with version and time' },
          output: { type: 'string', alias: 'o', describe: 'file to write' },
          check: { type: 'string', describe: 'exit with 1 when this file is out of date' },
          apply: { type: 'boolean', default: false, describe: 'make the procedure or view on the server' },
        })
        .conflicts('output', 'check')
        .conflicts('script', ['output', 'check'])
        .options(REGISTRY)
        .options(SCRIPT),
      [
        ['sql iris@production --data dbo.flowers --keys id -o score_iris.sql', ''],
        ['sql iris@production --data dbo.flowers --check score_iris.sql', 'in CI'],
        [
          'sql iris@production --data dbo.flowers --as procedure --apply --registry prod',
          'follows the alias from then on',
        ],
        ['sql iris@production --data dbo.flowers --as procedure --script score_iris.sql', 'for a DBA, with its undo'],
      ],
    ),
  handler: async (args, { output, signal }) => {
    const [{ renderSql }, { applySql, mustBeApplicable, undoSql }] = await Promise.all([
      import('../../../deploy/render.js'),
      import('../../../deploy/apply.js'),
    ]);
    const { data, as, object, into, check } = args;
    await mustBePredict(args.engine);
    if (args.apply || args.script !== undefined) mustBeApplicable(as, check !== undefined);
    const { rendered, applied, undo } = await withRegistry({ ...args, signal }, 'read', async (registry) => {
      const options = { data, as, object, into, keys: list(args.keys), map: pairs(args.map) };
      const rendered = await renderSql(registry, args.name, options);
      const server = registry.onServer();
      return {
        rendered,
        // A script is written instead of what it says.
        applied: args.apply && args.script === undefined ? await applySql(server, rendered) : undefined,
        undo: args.script === undefined ? '' : await undoSql(server?.server ?? null, rendered),
      };
    });
    if (args.script !== undefined) {
      const scripts = await writeScript(args.script, { apply: rendered.text, undo }, output);
      output.document({ model: shortVersion(rendered.version), objects: rendered.objects, scripts });
      return EXIT.done;
    }
    if (check !== undefined) return holdAgainst(check, rendered, output);
    return say(args, rendered, applied, output);
  },
});

async function mustBePredict(engine: string): Promise<void> {
  if (engine === 'predict') return;
  const { PredictableError } = await import('../../../errors.js');
  const what = engine === 'plain' ? 'is coming' : 'does not exist';
  throw new PredictableError('USAGE', `--engine ${engine} ${what}`, { hint: 'There is --engine predict.' });
}

async function holdAgainst(file: string, { version, text }: RenderedSql, output: Output<'sql'>): Promise<number> {
  const { readFile } = await import('node:fs/promises');
  const same = (await readFile(file, 'utf8')) === text;
  output.document({ model: shortVersion(version), check: file, upToDate: same });
  output.line(same ? `${file} is up to date` : `${file} is out of date: write it again with -o`);
  return same ? EXIT.done : EXIT.failed;
}

async function say(
  args: { output: string | undefined; data: string },
  { version, text, objects }: RenderedSql,
  applied: AppliedObject[] | undefined,
  output: Output<'sql'>,
): Promise<number> {
  const { name, version: number } = version;
  if (args.output !== undefined) {
    const { writeWhole } = await import('../../../files/write-whole.js');
    await writeWhole(args.output, text);
  }
  output.document({
    model: shortVersion(version),
    sql: text,
    ...(objects.length === 0 ? {} : { objects }),
    ...(args.output === undefined ? {} : { output: args.output }),
    ...(applied === undefined ? {} : { applied }),
  });
  if (args.output !== undefined) output.line(`${args.output}: scores ${args.data} with ${name}@${number}`);
  for (const { kind, name: object, done } of applied ?? []) {
    output.line(`${output.style('green', '✓')} ${done} ${kind} ${object}`);
  }
  if (args.output === undefined && applied === undefined) output.text(text.trimEnd());
  return EXIT.done;
}

function shortVersion({ name, version, sha256 }: ModelVersion): Pick<ModelVersion, 'name' | 'version' | 'sha256'> {
  return { name, version, sha256 };
}
