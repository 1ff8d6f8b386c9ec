/** The shape of a command: light to load; its handler imports the stages that it needs. */

import type { ArgumentsCamelCase, Argv } from 'yargs';
import type { Executor } from '../convert/executor.js';
import type { DocumentName } from './documents.js';
import type { Output } from './output.js';

export interface CommandContext<Name extends DocumentName = DocumentName> {
  output: Output<Name>;
  /** Aborted by Ctrl-C. */
  signal: AbortSignal;
  /** Where converters run, for commands that do not say it themselves: on this machine when it is not said. */
  executor?: Executor | undefined;
}

interface Command<Name extends DocumentName, T> {
  builder: (yargs: Argv) => Argv<T>;
  /** Returns the exit code. */
  handler: (args: ArgumentsCamelCase<T>, context: CommandContext<Name>) => Promise<number>;
}

/** A command whose arguments yargs has checked: what the list of commands holds. */
export interface RunnableCommand {
  name: DocumentName;
  builder: (yargs: Argv) => Argv;
  handler: (args: ArgumentsCamelCase, context: CommandContext) => Promise<number>;
}

/** Ties a handler to the types that its own builder declares, and to the schema of the document with the command's name. */
export function defineCommand<Name extends DocumentName, T>(name: Name, command: Command<Name, T>): RunnableCommand {
  return {
    ...command,
    name,
    // The parser that calls the handler is the one that the builder made, so the arguments are of type T.
    handler: (args, context) => command.handler(args as ArgumentsCamelCase<T>, context),
  };
}
