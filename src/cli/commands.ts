/** Every command, in the order in which help lists them; each is loaded when it is called. */

import type { RunnableCommand } from './command.js';

interface ListedCommand {
  /** As yargs takes it: the name, then `<required>` and `[optional]` arguments. */
  command: string;
  describe: string;
  load: () => Promise<RunnableCommand>;
}

export const COMMANDS: readonly ListedCommand[] = [
  {
    command: 'demo',
    describe: 'train the sample models, then convert, register and score them',
    load: async () => (await import('./commands/machine/demo.js')).demo,
  },
  {
    command: 'setup [converter..]',
    describe: 'build the Python environments of converters; convert does it by itself when needed',
    load: async () => (await import('./commands/machine/setup.js')).setup,
  },
  {
    command: 'doctor',
    describe: 'what this machine has, what is missing, and how to get it',
    load: async () => (await import('./commands/machine/doctor.js')).doctor,
  },
  {
    command: 'converters',
    describe: 'converters, the formats they read, and their environments',
    load: async () => (await import('./commands/machine/converters.js')).converters,
  },
  {
    command: 'detect <path..>',
    describe: 'what each file is, and which converter would read it; executes nothing',
    load: async () => (await import('./commands/models/detect.js')).detect,
  },
  {
    command: 'trust <path..>',
    describe: 'write the sha256 of files that you vouch for into trust.lock',
    load: async () => (await import('./commands/models/trust.js')).trust,
  },
  {
    command: 'convert <path..>',
    describe: 'model files to verified ONNX: detect, convert, normalize, verify',
    load: async () => (await import('./commands/models/convert.js')).convert,
  },
  {
    command: 'batch <zoo>',
    describe: 'a whole model zoo: a folder, or a zoo.yaml; can be resumed',
    load: async () => (await import('./commands/models/batch.js')).batch,
  },
  {
    command: 'report <run>',
    describe: 'the page of a run of batch, and its summary for a pull request',
    load: async () => (await import('./commands/models/report.js')).report,
  },
  {
    command: 'sign <model..>',
    describe: 'sign ONNX files and their documents with a key (OpenSSF Model Signing 1.0)',
    load: async () => (await import('./commands/models/sign.js')).sign,
  },
  {
    command: 'verify-signature <model>',
    describe: 'whether a model is what the owner of a key signed',
    load: async () => (await import('./commands/models/verify-signature.js')).verifySignature,
  },
  {
    command: 'inspect <model>',
    describe: 'inputs, outputs, operators, and whether each target can load it',
    load: async () => (await import('./commands/models/inspect.js')).inspect,
  },
  {
    command: 'normalize <model>',
    describe: 'any ONNX file to one input per column; needs no Python',
    load: async () => (await import('./commands/models/normalize.js')).normalize,
  },
  {
    command: 'verify <model>',
    describe: 'predictions of the original and of the ONNX, side by side',
    load: async () => (await import('./commands/models/verify.js')).verify,
  },
  {
    command: 'init',
    describe: 'create the registry’s tables on a server, or take over those that are there',
    load: async () => (await import('./commands/registry/init.js')).init,
  },
  {
    command: 'register <model..>',
    describe: 'put converted models into the registry as new versions',
    load: async () => (await import('./commands/registry/register.js')).register,
  },
  {
    command: 'list',
    describe: 'models of the registry, the newest version of each',
    load: async () => (await import('./commands/registry/list.js')).list,
  },
  {
    command: 'show <name>',
    describe: 'one version: columns, labels, verification, where it comes from',
    load: async () => (await import('./commands/registry/show.js')).show,
  },
  {
    command: 'history <name>',
    describe: 'versions of a model, and every move of its aliases',
    load: async () => (await import('./commands/registry/history.js')).history,
  },
  {
    command: 'pull <name>',
    describe: 'the ONNX file of a version, checked against its sha256',
    load: async () => (await import('./commands/registry/pull.js')).pull,
  },
  {
    command: 'promote <name> <alias>',
    describe: 'point an alias to a version: promote iris@3 production',
    load: async () => (await import('./commands/registry/promote.js')).promote,
  },
  {
    command: 'rollback <name> <alias>',
    describe: 'put an alias back on the version before',
    load: async () => (await import('./commands/registry/rollback.js')).rollback,
  },
  {
    command: 'remove <name>',
    describe: 'remove one version: remove iris@2; refused while an alias points to it',
    load: async () => (await import('./commands/registry/remove.js')).remove,
  },
  {
    command: 'prune <name>',
    describe: 'remove all but the newest versions and those with an alias',
    load: async () => (await import('./commands/registry/prune.js')).prune,
  },
  {
    command: 'check',
    describe: 'rehash every stored model',
    load: async () => (await import('./commands/registry/check.js')).check,
  },
  {
    command: 'diff <a> <b>',
    describe: 'two versions on the same rows: changed labels, differences, worst rows',
    load: async () => (await import('./commands/rows/diff.js')).diff,
  },
  {
    command: 'score <name>',
    describe: 'predictions for a file or a table, streamed',
    load: async () => (await import('./commands/rows/score.js')).score,
  },
  {
    command: 'sql <name>',
    describe: 'the T-SQL that scores a version on SQL Edge with PREDICT',
    load: async () => (await import('./commands/rows/sql.js')).sql,
  },
];

export function nameOf({ command }: ListedCommand): string {
  return command.split(' ')[0] ?? command;
}
