/** The commands that read a registry: list, show, history, pull, check. */

import { NAME, REGISTRY, withExamples } from '../../arguments/options.js';
import { withRegistry } from '../../arguments/with-registry.js';
import { defineCommand } from '../../command.js';
import { EXIT } from '../../exit-codes.js';
import { count, plural, size, table } from '../../output.js';
import { shortTime, versionTable, versionText } from '../../text/versions.js';

export const list = defineCommand({
  builder: (yargs) => withExamples(yargs.options(REGISTRY), [['list --registry duckdb:models.duckdb', '']]),
  handler: async (args, { output, signal }) =>
    withRegistry({ ...args, signal }, 'read', async (registry) => {
      const models = await registry.list();
      output.document({ registry: registry.url, models });
      output.line(`${registry.url}: ${plural(models.length, 'model')}`);
      if (models.length > 0) for (const line of versionTable(models)) output.line(line);
      return EXIT.done;
    }),
});

export const show = defineCommand({
  builder: (yargs) => withExamples(yargs.positional('name', NAME).options(REGISTRY), [['show iris@production', '']]),
  handler: async (args, { output, signal }) =>
    withRegistry({ ...args, signal }, 'read', async (registry) => {
      const { parseReference } = await import('../../../registry/reference.js');
      const version = await registry.resolve(parseReference(args.name));
      output.document({ registry: registry.url, model: version });
      for (const line of versionText(version)) output.line(line);
      return EXIT.done;
    }),
});

export const history = defineCommand({
  builder: (yargs) => withExamples(yargs.positional('name', NAME).options(REGISTRY), [['history iris', '']]),
  handler: async (args, { output, signal }) =>
    withRegistry({ ...args, signal }, 'read', async (registry) => {
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
  handler: async (args, { output, signal }) =>
    withRegistry({ ...args, signal }, 'read', async (registry) => {
      const { parseReference } = await import('../../../registry/reference.js');
      const { pullFile } = await import('../../../registry/pull-file.js');
      const { version, bytes } = await registry.read(parseReference(args.name));
      const files = await pullFile(args.output, version, bytes);
      output.document({ registry: registry.url, model: version, output: args.output, files });
      output.line(
        `${version.name}@${version.version} → ${args.output}  ${size(bytes.length)}, sha256 ${version.sha256.slice(0, 12)}`,
      );
      return EXIT.done;
    }),
});

export const check = defineCommand({
  builder: (yargs) => withExamples(yargs.options(REGISTRY), [['check', '']]),
  handler: async (args, { output, signal }) =>
    withRegistry({ ...args, signal }, 'read', async (registry) => {
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
