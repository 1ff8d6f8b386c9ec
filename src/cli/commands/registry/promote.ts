/** The commands that change what a registry has: promote, rollback, remove, prune. */

import { NAME, REGISTRY, withExamples } from '../../arguments/options.js';
import { mustBeOnServer, withRegistry } from '../../arguments/with-registry.js';
import { defineCommand } from '../../command.js';
import { EXIT } from '../../exit-codes.js';
import { plural } from '../../output.js';
import { SCRIPT, SCRIPT_TARGET, writeScript } from '../../text/script.js';
import { versionTable } from '../../text/versions.js';

const ALIAS = { type: 'string', demandOption: true, describe: 'for example: production' } as const;

const ALLOW_SIGNATURE_CHANGE = {
  'allow-signature-change': {
    type: 'boolean',
    default: false,
    describe: 'also when inputs or outputs differ from the version behind the alias',
  },
} as const;

export const promote = defineCommand({
  builder: (yargs) =>
    withExamples(
      yargs
        .positional('name', NAME)
        .positional('alias', ALIAS)
        .options(REGISTRY)
        .options(ALLOW_SIGNATURE_CHANGE)
        .options(SCRIPT)
        .options(SCRIPT_TARGET),
      [
        ['promote iris@3 production', ''],
        ['promote iris@3 production --registry prod --script promote.sql', 'for a DBA'],
      ],
    ),
  handler: async (args, { output, signal }) => {
    const { parseReference } = await import('../../../registry/reference.js');
    const reference = parseReference(args.name);
    const { alias, allowSignatureChange } = args;
    if (args.script !== undefined) {
      const [{ promoteScript }, { scriptPlace }] = await Promise.all([
        import('../../../registry/mssql/scripts/alias.js'),
        import('../../../registry/mssql/scripts/place.js'),
      ]);
      const { name, version } = await withVersion(args.name, 'promote --script');
      const change = promoteScript(await scriptPlace(args.registry, args.target), {
        name,
        version,
        alias,
        allowSignatureChange,
      });
      output.document({ registry: null, scripts: await writeScript(args.script, change, output) });
      return EXIT.done;
    }
    return withRegistry({ ...args, signal }, 'write', async (registry) => {
      const { name, version } = await registry.resolve(reference);
      const promoted = await registry.promote(name, version, alias, allowSignatureChange);
      output.document({ registry: registry.url, model: promoted });
      output.line(`${name}@${alias} is now version ${promoted.version}  (${registry.url})`);
      return EXIT.done;
    });
  },
});

export const rollback = defineCommand({
  builder: (yargs) =>
    withExamples(yargs.positional('name', NAME).positional('alias', ALIAS).options(REGISTRY).options(SCRIPT), [
      ['rollback iris production', ''],
    ]),
  handler: async (args, { output, signal }) =>
    withRegistry({ ...args, signal }, args.script === undefined ? 'write' : 'read', async (registry) => {
      const { name, alias } = args;
      if (args.script !== undefined) {
        const { rollbackScriptFor } = await import('../../../registry/mssql/scripts/from-server.js');
        const change = await rollbackScriptFor(mustBeOnServer(registry), name, alias);
        output.document({ registry: registry.url, scripts: await writeScript(args.script, change, output) });
        return EXIT.done;
      }
      const version = await registry.rollback(name, alias);
      output.document({ registry: registry.url, model: version });
      output.line(`${name}@${alias} is version ${version.version} again  (${registry.url})`);
      return EXIT.done;
    }),
});

export const remove = defineCommand({
  builder: (yargs) =>
    withExamples(yargs.positional('name', NAME).options(REGISTRY).options(SCRIPT), [['remove iris@2', '']]),
  handler: async (args, { output, signal }) => {
    const { name, version } = await withVersion(args.name, 'remove');
    return withRegistry({ ...args, signal }, args.script === undefined ? 'write' : 'read', async (registry) => {
      if (args.script !== undefined) {
        const { removeScriptFor } = await import('../../../registry/mssql/scripts/from-server.js');
        const change = await removeScriptFor(mustBeOnServer(registry), name, version);
        output.document({ registry: registry.url, scripts: await writeScript(args.script, change, output) });
        return EXIT.done;
      }
      await registry.remove(name, version);
      output.document({ registry: registry.url, removed: { name, version } });
      output.line(`removed ${name}@${version}  (${registry.url})`);
      return EXIT.done;
    });
  },
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
        })
        .options(SCRIPT),
      [['prune iris --keep 5 --dry-run', '']],
    ),
  handler: async (args, { output, signal }) => {
    const { name, keep, script } = args;
    const dryRun = args.dryRun || script !== undefined;
    return withRegistry({ ...args, signal }, dryRun ? 'read' : 'write', async (registry) => {
      const gone = await registry.prune(name, keep, dryRun);
      const { url } = registry;
      if (script !== undefined) {
        const { pruneScriptFor } = await import('../../../registry/mssql/scripts/from-server.js');
        const scripts = await writeScript(script, await pruneScriptFor(mustBeOnServer(registry), gone), output);
        output.document({ registry: url, dryRun, removed: gone, scripts });
      } else output.document({ registry: url, dryRun, removed: gone });
      output.line(`${dryRun ? 'would remove' : 'removed'} ${plural(gone.length, 'version')} of ${name}  (${url})`);
      if (gone.length > 0) for (const line of versionTable(gone)) output.line(line);
      return EXIT.done;
    });
  },
});

async function withVersion(text: string, command: string): Promise<{ name: string; version: number }> {
  const [{ PredictableError }, { parseReference }] = await Promise.all([
    import('../../../errors.js'),
    import('../../../registry/reference.js'),
  ]);
  const { name, version } = parseReference(text);
  if (version !== undefined) return { name, version };
  throw new PredictableError('USAGE', `${command} takes a version, like ${name}@2, not ${text}`, {
    hint: `predictable history ${name} lists the versions.`,
  });
}
