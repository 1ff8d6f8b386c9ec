/** The list of commands: what `predictable --help` prints, without waiting for the parser. */

import { COMMON } from './arguments/options.js';
import { COMMANDS } from './commands.js';

export const SUMMARY = `Makes a trained model PREDICT-able in SQL: converts it to ONNX with one input per table column,
proves that it predicts the same, registers it, and scores with it.`;

const EPILOGUE = `NAME is name, name@3 or name@alias; without either the newest version.
predictable <command> --help shows its options and examples.
Exit codes: 0 done · 1 a model failed or a gate said no · 2 the run could not be done · 130 interrupted.`;

const DEFAULT_WIDTH = 110;
const INDENT = 2;
const GAP = 2;

export function helpText(width = DEFAULT_WIDTH): string {
  const commands = COMMANDS.map(({ command, describe }): [string, string] => [`predictable ${command}`, describe]);
  const options = Object.entries(COMMON).map(([name, { describe }]): [string, string] => [`--${name}`, describe]);
  const left = Math.max(...[...commands, ...options].map(([text]) => text.length));
  const section = (rows: [string, string][]) => rows.flatMap(([text, describe]) => row(text, describe, left, width));
  return `${[
    'predictable <command>',
    '',
    SUMMARY,
    '',
    'Commands:',
    ...section(commands),
    '',
    'Common options:',
    ...section([...options, ['--help', 'this list, or the help of a command'], ['--version', 'the version']]),
    '',
    EPILOGUE,
  ].join('\n')}\n`;
}

/** A name and what it is, wrapped under itself where the terminal is narrow. */
function row(text: string, describe: string, left: number, width: number): string[] {
  const start = INDENT + left + GAP;
  const room = Math.max(20, Math.min(width, DEFAULT_WIDTH) - start);
  const lines: string[] = [];
  for (const word of describe.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= room) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.map(
    (line, index) => `${' '.repeat(INDENT)}${(index === 0 ? text : '').padEnd(left)}${' '.repeat(GAP)}${line}`,
  );
}
