/** The command line: parses the arguments, runs one command, prints what it says and returns the exit code. */

import { asPredictableError, PredictableError } from '../errors.js';
import { packageVersion } from '../paths.js';
import { refuseSecrets } from './arguments.js';
import { COMMANDS, nameOf } from './commands.js';
import { EXIT, exitCodeOf } from './exit-codes.js';
import { helpText, SUMMARY } from './help.js';
import { COMMON } from './options.js';
import { Output } from './output.js';
import { readSettings } from './settings.js';

/** Never throws and never calls process.exit: the exit code is the result. */
export async function main(argv: string[]): Promise<number> {
  if (argv.length === 1 && argv[0] === '--version') {
    process.stdout.write(`${packageVersion()}\n`);
    return EXIT.done;
  }
  if (argv.length === 1 && argv[0] === '--help') {
    process.stdout.write(helpText(process.stdout.columns));
    return EXIT.done;
  }
  const output = new Output({ json: argv.includes('--json'), quiet: argv.includes('--quiet') });
  const interruption = interruptible(output);
  let exitCode: number = EXIT.done;
  try {
    refuseSecrets(argv);
    // Most of the time until help is there goes into importing yargs, which the plain `--help` does without.
    const { default: yargs } = await import('yargs');
    const parser = yargs(argv)
      .scriptName('predictable')
      .usage(`$0 <command>\n\n${SUMMARY}`)
      .options(COMMON)
      .group(Object.keys(COMMON), 'Common:')
      .config(await readSettings(argv))
      .env(false)
      .version(packageVersion())
      .parserConfiguration({ 'boolean-negation': false })
      .strict()
      .recommendCommands()
      .demandCommand(1, 'Say which command: predictable --help lists them.')
      .wrap(Math.min(110, process.stdout.columns ?? 110))
      .exitProcess(false)
      .fail(usageError);
    for (const listed of COMMANDS) {
      const { command, describe } = listed;
      const loaded = argv.includes(nameOf(listed)) ? await listed.load() : undefined;
      parser.command({
        command,
        describe,
        builder: (builder) => loaded?.builder(builder) ?? builder,
        handler: async (args) => {
          const { handler } = loaded ?? (await listed.load());
          exitCode = await handler(args, { output, signal: interruption.signal });
        },
      });
    }
    await parser.parseAsync();
    return exitCode;
  } catch (thrown) {
    const error = interruption.signal.aborted ? interrupted() : asPredictableError(thrown);
    report(error, output);
    return exitCodeOf(error.code);
  } finally {
    interruption.end();
  }
}

/** Ctrl-C ends the work in an orderly way; a second one ends the process. */
function interruptible(output: Output): { signal: AbortSignal; end: () => void } {
  const controller = new AbortController();
  const interrupt = () => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    output.note('stopping … (again: at once)');
    controller.abort(interrupted());
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  return {
    signal: controller.signal,
    end: () => {
      process.off('SIGINT', interrupt);
      process.off('SIGTERM', interrupt);
    },
  };
}

function interrupted(): PredictableError {
  return new PredictableError('CANCELLED', 'interrupted');
}

function usageError(message: string | null, error: Error | undefined): never {
  if (error) throw error;
  throw new PredictableError('USAGE', unknownOptions(message) ?? message ?? 'the arguments are not understood', {
    hint: 'predictable --help, or predictable <command> --help, shows what it takes.',
  });
}

/** yargs names an unknown option twice, as it was written and in camel case, and without its dashes. */
function unknownOptions(message: string | null): string | undefined {
  const names = /^Unknown arguments?: (.*)$/.exec(message ?? '')?.[1]?.split(', ');
  const written = names?.filter(
    (name) => !names.some((other) => other !== name && other.replaceAll('-', '').toLowerCase() === name.toLowerCase()),
  );
  return written && `there is no option or argument ${written.join(', ')}`;
}

function report(error: PredictableError, output: Output): void {
  output.document({ error: error.toJSON() });
  if (!output.options.json) {
    process.stderr.write(`${error.code}: ${error.message}\n`);
    if (error.hint !== undefined) process.stderr.write(`  ${error.hint.replaceAll('\n', '\n  ')}\n`);
    if (error.code === 'INTERNAL' && error.cause instanceof Error) process.stderr.write(`${error.cause.stack}\n`);
  }
}
