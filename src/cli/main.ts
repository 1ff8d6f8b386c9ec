/** The command line: parses the arguments, runs one command, prints what it says and returns the exit code. */

import { asPredictableError, PredictableError } from '../errors.js';
import { packageVersion } from '../paths.js';
import { AFTER_DASHES, beforeDashes, marked, unmark } from './after-dashes.js';
import { COMMON } from './arguments/options.js';
import { refuseSecrets } from './arguments/parse.js';
import { checkPaths } from './arguments/paths.js';
import { outputFromSettings, readSettings, settingsFor } from './arguments/settings.js';
import { COMMANDS, nameOf } from './commands.js';
import { EXIT, exitCodeOf } from './exit-codes.js';
import { helpText, SUMMARY } from './help.js';
import { Interruption, interrupted } from './interruption.js';
import { Output } from './output.js';

/** Never throws and never calls process.exit: the exit code is the result. */
export async function main(given: string[]): Promise<number> {
  const argv = beforeDashes(given);
  if (given.length === 1 && given[0] === '--version') {
    process.stdout.write(`${packageVersion()}\n`);
    return EXIT.done;
  }
  if (given.length === 1 && given[0] === '--help') {
    process.stdout.write(helpText(process.stdout.columns));
    return EXIT.done;
  }
  const output = new Output({ json: argv.includes('--json'), quiet: argv.includes('--quiet'), argv: given });
  const interruption = new Interruption(output);
  let exitCode: number = EXIT.done;
  try {
    refuseSecrets(given);
    // Most of the time until help is there goes into importing yargs, which the plain `--help` does without.
    const { default: yargs } = await import('yargs');
    const settings = await readSettings(argv);
    const parser = yargs(marked(given))
      .scriptName('predictable')
      .usage(`$0 <command>\n\n${SUMMARY}`)
      .options(COMMON)
      .options(AFTER_DASHES)
      .group(Object.keys(COMMON), 'Common:')
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
        builder: (builder) => {
          const built = loaded?.builder(builder) ?? builder;
          return built.config(settingsFor(built, settings, argv));
        },
        handler: async (args) => {
          unmark(args);
          const { handler } = loaded ?? (await listed.load());
          await checkPaths(args, outputFromSettings(argv, settings));
          exitCode = await handler(args, {
            output,
            get signal() {
              return interruption.signal;
            },
          });
        },
      });
    }
    await parser.parseAsync();
    return exitCode;
  } catch (thrown) {
    const error = interruption.happened ? interrupted() : asPredictableError(thrown);
    output.error(error);
    return exitCodeOf(error.code);
  } finally {
    interruption.end();
  }
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
