/** The shape of a command: light to load; its handler imports the stages that it needs. */

import type { ArgumentsCamelCase, Argv } from 'yargs';
import type { Executor } from '../convert/executor.js';
import type { Output } from './output.js';

export interface CommandContext {
  output: Output;
  /** Aborted by Ctrl-C. */
  signal: AbortSignal;
  /** Where converters run, for commands that do not say it themselves: on this machine when it is not said. */
  executor?: Executor | undefined;
}

export interface Command<T> {
  builder: (yargs: Argv) => Argv<T>;
  /** Returns the exit code. */
  handler: (args: ArgumentsCamelCase<T>, context: CommandContext) => Promise<number>;
}

/** A command whose arguments yargs has checked: what the list of commands holds. */
export interface RunnableCommand {
  builder: (yargs: Argv) => Argv;
  handler: (args: ArgumentsCamelCase, context: CommandContext) => Promise<number>;
}

/** Ties a handler to the types that its own builder declares. */
export function defineCommand<T>(command: Command<T>): RunnableCommand {
  return {
    ...command,
    // The parser that calls the handler is the one that the builder made, so the arguments are of type T.
    handler: (args, context) => command.handler(args as ArgumentsCamelCase<T>, context),
  };
}
