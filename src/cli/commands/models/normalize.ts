/** Any ONNX file to one input per column; needs no Python. */

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { readOptions } from '../../../convert/options/conversion-options.js';
import { forShell } from '../../../shell.js';
import { NORMALIZATION } from '../../arguments/conversion.js';
import { ONNX_FILE, withExamples } from '../../arguments/options.js';
import { defineCommand } from '../../command.js';
import { EXIT } from '../../exit-codes.js';
import { size, table } from '../../output.js';

export const normalize = defineCommand('normalize', {
  builder: (yargs) =>
    withExamples(
      yargs
        .positional('model', ONNX_FILE)
        .options(NORMALIZATION)
        .options({
          output: { type: 'string', alias: 'o', describe: 'file to write (default: <name>.columnar.onnx)' },
          explain: { type: 'boolean', default: false, describe: 'what each pass did, or why it had nothing to do' },
        }),
      [
        ['normalize raw.onnx --columns sepal_length,sepal_width,petal_length,petal_width', ''],
        ['normalize raw.onnx --explain', ''],
      ],
    ),
  handler: async (args, { output, signal }) => {
    const [
      { normalizeFile },
      { writeWhole },
      { mustNotBeInputs },
      { mustBeOurs },
      { ensureRuntime },
      { buildProgress },
    ] = await Promise.all([
      import('../../../convert/normalize-file.js'),
      import('../../../files/write-whole.js'),
      import('../../../files/inputs.js'),
      import('../../../convert/own-files.js'),
      import('../../../runtimes/ensure.js'),
      import('../../progress/build.js'),
    ]);
    const file = args.output ?? path.join(path.dirname(args.model), `${path.parse(args.model).name}.columnar.onnx`);
    await mustNotBeInputs([file], [args.model]);
    if (args.output === undefined) await mustBeOurs([file]);
    // It looks at the shapes that the outputs really have.
    await ensureRuntime('1.30.0', { onProgress: buildProgress(output), signal });
    const normalized = await normalizeFile(await readFile(args.model), readOptions(args));
    await writeWhole(file, normalized.bytes);
    const { bytes, signature, opsets, ir, passes, warnings } = normalized;
    output.document({ model: args.model, output: file, bytes: bytes.length, signature, opsets, ir, passes, warnings });
    if (args.explain) {
      const rows = normalized.passes.map(({ pass, modified, reason }) => [modified ? '✓' : '·', pass, reason]);
      for (const line of table(['', 'PASS', 'WHAT AND WHY'], rows)) output.line(line);
    }
    const { inputs, outputs } = normalized.signature;
    output.line(`${output.style('green', '✓')} ${file}  ${size(bytes.length)}`);
    output.line(`  in   ${inputs.map(({ name, sqlType }) => `${name} ${sqlType}`).join(', ')}`);
    output.line(`  out  ${outputs.map(({ name, sqlType }) => `${name} ${sqlType}`).join(', ')}`);
    for (const { message } of normalized.warnings) output.paragraph(`  ${output.style('yellow', '!')} ${message}`);
    output.next(`predictable register ${forShell(file)} --allow-unverified (nothing proved that it predicts the same)`);
    return EXIT.done;
  },
});
