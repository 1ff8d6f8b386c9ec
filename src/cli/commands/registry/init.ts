import { REGISTRY, withExamples } from '../../arguments/options.js';
import { withRegistry } from '../../arguments/with-registry.js';
import { defineCommand } from '../../command.js';
import { EXIT } from '../../exit-codes.js';
import { initialized, planned } from '../../text/initialization.js';
import { SCRIPT, SCRIPT_TARGET, writeScript } from '../../text/script.js';

export const init = defineCommand('init', {
  builder: (yargs) =>
    withExamples(
      yargs
        .options(REGISTRY)
        .options({
          'dry-run': { type: 'boolean', default: false, describe: 'say what would be created, and create nothing' },
        })
        .options(SCRIPT)
        .options(SCRIPT_TARGET),
      [
        ['init --registry mssql://ml@edge.example/ml', 'creates the tables, and says so first'],
        ['init --registry mssql://edge.example/ml --script init.sql', 'for a DBA: also the undo and the roles'],
      ],
    ),
  handler: async (args, { output, signal }) => {
    if (args.script !== undefined) {
      const [{ initScript, rolesScript }, { scriptPlace }] = await Promise.all([
        import('../../../registry/mssql/scripts/init.js'),
        import('../../../registry/mssql/scripts/place.js'),
      ]);
      const place = await scriptPlace(args.registry, args.target);
      const scripts = await writeScript(args.script, initScript(place), output, { roles: rolesScript(place) });
      output.document({ registry: null, dryRun: true, changes: [], adopted: [], left: [], scripts });
      return EXIT.done;
    }
    return withRegistry({ ...args, signal }, args.dryRun ? 'read' : 'write', async (registry) => {
      const plan = await registry.plan();
      for (const line of planned(registry.url, plan)) output.line(line);
      const done = args.dryRun ? plan : await registry.initialize();
      output.document({ registry: registry.url, dryRun: args.dryRun, ...done });
      if (!args.dryRun) {
        for (const line of initialized(registry.url, done, output)) output.line(line);
        output.next('predictable register out/MODEL.onnx --alias production');
      }
      return EXIT.done;
    });
  },
});
