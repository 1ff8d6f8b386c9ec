/** The commands that keep a registry: list, show, history, pull, promote, rollback, remove, prune, check. */

import { defineCommand } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { REGISTRY, withExamples } from '../options.js';
import { count, plural, size, table } from '../output.js';
import { withRegistry } from '../registry-access.js';
import { shortTime, versionTable, versionText } from '../version-text.js';

const NAME = { type: 'string', demandOption: true, describe: 'name, name@3 or name@alias' } as const;
const ALIAS = { type: 'string', demandOption: true, describe: 'for example: production' } as const;

const ALLOW_SIGNATURE_CHANGE = {
  'allow-signature-change': {
    type: 'boolean',
    default: false,
    describe: 'also when inputs or outputs differ from the version behind the alias',
  },
} as const;

export const list = defineCommand({
  builder: (yargs) => withExamples(yargs.options(REGISTRY), [['list --registry duckdb:models.duckdb', '']]),
  handler: async (args, { output }) =>
    withRegistry(args, 'read', async (registry) => {
      const models = await registry.list();
      output.document({ registry: registry.url, models });
      output.line(`${registry.url}: ${plural(models.length, 'model')}`);
      if (models.length > 0) for (const line of versionTable(models)) output.line(line);
      return EXIT.done;
    }),
});

export const show = defineCommand({
  builder: (yargs) => withExamples(yargs.positional('name', NAME).options(REGISTRY), [['show iris@production', '']]),
  handler: async (args, { output }) =>
    withRegistry(args, 'read', async (registry) => {
      const { parseReference } = await import('../../registry/reference.js');
      const version = await registry.resolve(parseReference(args.name));
      output.document({ registry: registry.url, model: version });
      for (const line of versionText(version)) output.line(line);
      return EXIT.done;
    }),
});

export const history = defineCommand({
  builder: (yargs) => withExamples(yargs.positional('name', NAME).options(REGISTRY), [['history iris', '']]),
  handler: async (args, { output }) =>
    withRegistry(args, 'read', async (registry) => {
      const [versions, events] = [await registry.versions(args.name), await registry.history(args.name)];
      output.document({ registry: registry.url, versions, events });
      for (const line of versionTable(versions)) output.line(line);
      output.line();
      const rows = events.map(({ at, action, alias, previous, version }) => [
        shortTime(at),
        action,
        alias,
        `${previous ?? '–'} → ${version ?? '–'}`,
      ]);
      for (const line of table(['WHEN', 'WHAT', 'ALIAS', 'VERSION'], rows)) output.line(line);
      return EXIT.done;
    }),
});

export const pull = defineCommand({
  builder: (yargs) =>
    withExamples(
      yargs
        .positional('name', NAME)
        .options(REGISTRY)
        .options({ output: { type: 'string', alias: 'o', demandOption: true, describe: 'file to write' } }),
      [['pull iris@production -o iris.onnx', '']],
    ),
  handler: async (args, { output }) =>
    withRegistry(args, 'read', async (registry) => {
      const { parseReference } = await import('../../registry/reference.js');
      const { writeWhole } = await import('../../rows/write-whole.js');
      const { version, bytes } = await registry.read(parseReference(args.name));
      await writeWhole(args.output, bytes);
      output.document({ registry: registry.url, model: version, output: args.output });
      output.line(
        `${version.name}@${version.version} → ${args.output}  ${size(bytes.length)}, sha256 ${version.sha256.slice(0, 12)}`,
      );
      return EXIT.done;
    }),
});

export const promote = defineCommand({
  builder: (yargs) =>
    withExamples(
      yargs.positional('name', NAME).positional('alias', ALIAS).options(REGISTRY).options(ALLOW_SIGNATURE_CHANGE),
      [['promote iris@3 production', '']],
    ),
  handler: async (args, { output }) =>
    withRegistry(args, 'write', async (registry) => {
      const { parseReference } = await import('../../registry/reference.js');
      const { name, version } = await registry.resolve(parseReference(args.name));
      const promoted = await registry.promote(name, version, args.alias, args.allowSignatureChange);
      output.document({ registry: registry.url, model: promoted });
      output.line(`${name}@${args.alias} is now version ${promoted.version}  (${registry.url})`);
      return EXIT.done;
    }),
});

export const rollback = defineCommand({
  builder: (yargs) =>
    withExamples(yargs.positional('name', NAME).positional('alias', ALIAS).options(REGISTRY), [
      ['rollback iris production', ''],
    ]),
  handler: async (args, { output }) =>
    withRegistry(args, 'write', async (registry) => {
      const version = await registry.rollback(args.name, args.alias);
      output.document({ registry: registry.url, model: version });
      output.line(`${args.name}@${args.alias} is version ${version.version} again  (${registry.url})`);
      return EXIT.done;
    }),
});

export const remove = defineCommand({
  builder: (yargs) => withExamples(yargs.positional('name', NAME).options(REGISTRY), [['remove iris@2', '']]),
  handler: async (args, { output }) =>
    withRegistry(args, 'write', async (registry) => {
      const { PredictableError } = await import('../../errors.js');
      const { parseReference } = await import('../../registry/reference.js');
      const reference = parseReference(args.name);
      if (reference.version === undefined) {
        throw new PredictableError('USAGE', `remove takes a version, like ${reference.name}@2, not ${args.name}`, {
          hint: `predictable history ${reference.name} lists the versions.`,
        });
      }
      await registry.remove(reference.name, reference.version);
      output.document({ registry: registry.url, removed: { name: reference.name, version: reference.version } });
      output.line(`removed ${reference.name}@${reference.version}  (${registry.url})`);
      return EXIT.done;
    }),
});

export const prune = defineCommand({
  builder: (yargs) =>
    withExamples(
      yargs
        .positional('name', NAME)
        .options(REGISTRY)
        .options({
          keep: { type: 'number', demandOption: true, describe: 'how many of the newest stay' },
          'dry-run': { type: 'boolean', default: false, describe: 'say what would go, and keep it' },
        }),
      [['prune iris --keep 5 --dry-run', '']],
    ),
  handler: async (args, { output }) =>
    withRegistry(args, args.dryRun ? 'read' : 'write', async (registry) => {
      const gone = await registry.prune(args.name, args.keep, args.dryRun);
      output.document({ registry: registry.url, dryRun: args.dryRun, removed: gone });
      output.line(
        `${args.dryRun ? 'would remove' : 'removed'} ${plural(gone.length, 'version')} of ${args.name}  (${registry.url})`,
      );
      if (gone.length > 0) for (const line of versionTable(gone)) output.line(line);
      return EXIT.done;
    }),
});

export const check = defineCommand({
  builder: (yargs) => withExamples(yargs.options(REGISTRY), [['check', '']]),
  handler: async (args, { output }) =>
    withRegistry(args, 'read', async (registry) => {
      const results = await registry.check();
      const bad = results.filter(({ ok }) => !ok);
      output.document({ registry: registry.url, results });
      for (const { name, version, message } of bad)
        output.line(`${output.style('red', '✗')} ${name}@${version}  ${message}`);
      output.line(
        `${registry.url}: ${count(results.length - bad.length)} of ${plural(results.length, 'version')} whole`,
      );
      return bad.length === 0 ? EXIT.done : EXIT.failed;
    }),
});
