import { list, pairs } from '../arguments.js';
import { defineCommand } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { REGISTRY, withExamples } from '../options.js';
import { withRegistry } from '../registry-access.js';

export const sql = defineCommand({
  builder: (yargs) =>
    withExamples(
      yargs
        .positional('name', { type: 'string', demandOption: true, describe: 'name, name@3 or name@alias' })
        .options({
          engine: { choices: ['predict'] as const, default: 'predict' as const, describe: 'PREDICT with ONNX' },
          data: { type: 'string', default: 'dbo.features', describe: 'table with the rows' },
          keys: { type: 'string', default: 'id', describe: 'columns that go into the result: a,b' },
          map: { type: 'array', string: true, describe: 'names that differ: column=input' },
          output: { type: 'string', alias: 'o', describe: 'file to write' },
          check: { type: 'string', describe: 'exit with 1 when this file is out of date' },
        })
        .conflicts('output', 'check')
        .options(REGISTRY),
      [
        ['sql iris@production --data dbo.flowers --keys id -o score_iris.sql', ''],
        ['sql iris@production --data dbo.flowers --check score_iris.sql', 'in CI'],
      ],
    ),
  handler: async (args, { output }) => {
    const [{ readFile }, { renderPredict }, { parseReference }, { writeWhole }] = await Promise.all([
      import('node:fs/promises'),
      import('../../sql/predict.js'),
      import('../../registry/reference.js'),
      import('../../rows/write-whole.js'),
    ]);
    const version = await withRegistry(args, 'read', (registry) => registry.resolve(parseReference(args.name)));
    const { name, version: number, sha256, signature } = version;
    const text = renderPredict({
      name,
      version: number,
      sha256,
      signature,
      data: args.data,
      keys: list(args.keys) ?? [],
      map: pairs(args.map),
    });
    if (args.check !== undefined) {
      const same = (await readFile(args.check, 'utf8')) === text;
      output.document({ model: { name, version: number, sha256 }, check: args.check, upToDate: same });
      output.line(same ? `${args.check} is up to date` : `${args.check} is out of date: write it again with -o`);
      return same ? EXIT.done : EXIT.failed;
    }
    if (args.output !== undefined) await writeWhole(args.output, text);
    output.document({
      model: { name, version: number, sha256 },
      sql: text,
      ...(args.output === undefined ? {} : { output: args.output }),
    });
    output.line(
      args.output === undefined ? text.trimEnd() : `${args.output}: scores ${args.data} with ${name}@${number}`,
    );
    return EXIT.done;
  },
});
