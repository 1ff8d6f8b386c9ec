/** Points an alias to a version. */

import type { ModelVersion } from '../../../registry/documents.js';
import type { ModelReference, Registry } from '../../../registry/registry.js';
import type { EcKey } from '../../../signing/keys.js';
import { NAME, REGISTRY, withExamples } from '../../arguments/options.js';
import { noSignatureInScripts, publicKeys, REQUIRE_SIGNATURE } from '../../arguments/signing.js';
import { ALIAS, withVersion } from '../../arguments/versions.js';
import { withRegistry } from '../../arguments/with-registry.js';
import { defineCommand } from '../../command.js';
import { EXIT } from '../../exit-codes.js';
import { SCRIPT, SCRIPT_TARGET, writeScript } from '../../text/script.js';

const ALLOW_SIGNATURE_CHANGE = {
  'allow-signature-change': {
    type: 'boolean',
    default: false,
    describe: 'also when inputs or outputs differ from the version behind the alias',
  },
} as const;

export const promote = defineCommand('promote', {
  builder: (yargs) =>
    withExamples(
      yargs
        .positional('name', NAME)
        .positional('alias', ALIAS)
        .options(REGISTRY)
        .options(ALLOW_SIGNATURE_CHANGE)
        .options(REQUIRE_SIGNATURE)
        .options(SCRIPT)
        .options(SCRIPT_TARGET),
      [
        ['promote iris@3 production', ''],
        ['promote iris@3 production --require-signature signer.pub', ''],
        ['promote iris@3 production --registry prod --script promote.sql', 'for a DBA'],
      ],
    ),
  handler: async (args, { output, signal }) => {
    const { parseReference } = await import('../../../registry/reference.js');
    const reference = parseReference(args.name);
    const { alias, allowSignatureChange } = args;
    const keys = await publicKeys(args.requireSignature);
    if (args.script !== undefined) {
      if (keys !== undefined) throw await noSignatureInScripts();
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
      const { name, version } =
        keys === undefined ? await registry.resolve(reference) : await signed(registry, reference, keys);
      const promoted = await registry.promote(name, version, { alias, allowSignatureChange });
      output.document({ registry: registry.url, model: promoted });
      output.line(`${name}@${alias} is now version ${promoted.version}  (${registry.url})`);
      return EXIT.done;
    });
  },
});

/** Reads the bytes too, which are what is signed. */
async function signed(registry: Registry, reference: ModelReference, keys: EcKey[]): Promise<ModelVersion> {
  const [{ version, bytes }, { mustBeSigned }] = await Promise.all([
    registry.read(reference),
    import('../../../signing/stored.js'),
  ]);
  mustBeSigned(version, bytes, keys);
  return version;
}
