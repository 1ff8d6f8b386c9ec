/** Inputs, outputs and operators of any ONNX file, and whether each target can load it. */

import { ONNX_FILE, withExamples } from '../../arguments/options.js';
import { defineCommand } from '../../command.js';
import { EXIT } from '../../exit-codes.js';
import { count, size, table } from '../../output.js';

export const inspect = defineCommand('inspect', {
  builder: (yargs) =>
    withExamples(yargs.positional('model', ONNX_FILE), [
      ['inspect out/iris.onnx', ''],
      ['inspect anything.onnx --json', ''],
    ]),
  handler: async (args, { output }) => {
    const [{ readFile }, { inspect: inspectModel }] = await Promise.all([
      import('node:fs/promises'),
      import('../../../graph/inspect.js'),
    ]);
    const inspection = inspectModel(await readFile(args.model));
    output.document({ model: args.model, ...inspection });
    const opsets = Object.entries(inspection.opsets).map(
      ([domain, version]) => `${domain === '' ? 'opset' : domain} ${version}`,
    );
    output.line(
      `${args.model}  ${size(inspection.bytes)}  ${opsets.join(', ')}, IR ${inspection.ir}  ${inspection.producer}`,
    );
    const edges = [
      ...inspection.inputs.map((edge) => ['in', edge.name, edge.type, `[${edge.shape.join(',')}]`]),
      ...inspection.outputs.map((edge) => ['out', edge.name, edge.type, `[${edge.shape.join(',')}]`]),
    ];
    for (const line of table(['', 'NAME', 'TYPE', 'SHAPE'], edges)) output.line(line);
    output.line();
    const operators = inspection.operators.map(
      ({ domain, type, count: times }) => `${domain === '' ? '' : `${domain}.`}${type} ×${count(times)}`,
    );
    output.line(`operators: ${operators.join(', ')}`);
    for (const [key, value] of Object.entries(inspection.metadata)) output.line(`${key}: ${value}`);
    output.line();
    for (const { target, fits, reasons } of inspection.targets) {
      output.line(`${fits ? output.style('green', '✓') : output.style('red', '✗')} ${target}`);
      for (const reason of reasons) output.line(`    ${reason}`);
    }
    return EXIT.done;
  },
});
