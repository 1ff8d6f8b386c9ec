/** What a command says: results on stdout, notes on stderr; with `--json` one document on stdout and nothing else there. */

import { randomUUID } from 'node:crypto';
import { styleText } from 'node:util';
import type { ErrorDocument, PredictableError } from '../errors.js';
import { forReaders, inLine, jsonForReaders, withNamesInLine, withoutCommands } from '../report/page/visible.js';
import type { DocumentName, DocumentOf } from './documents.js';
import type { Exactly } from './exactly.js';

export { count, plural, size } from '../report/page/text.js';

interface OutputOptions {
  json: boolean;
  quiet: boolean;
  /** The command's arguments: names that errors tell, and that may have line breaks. */
  argv?: string[];
}

type Style = 'green' | 'red' | 'yellow' | 'dim' | 'bold';

/** Stands for what a terminal is told, until all that is not ours is spelled out: nobody else can write it. */
const MARK = randomUUID();
const MARKED = new RegExp(`${MARK}:((?:\\d+;?)+):`, 'g');

/** Set to anything: errors show the stack of what caused them. */
const DEBUG = 'PREDICTABLE_DEBUG';

/** `Name`: the command whose document is printed. */
export class Output<Name extends DocumentName = DocumentName> {
  /** Whether the document has been printed, or an error: what comes after it, as a second signal does, says nothing more. */
  #said = false;

  constructor(readonly options: OutputOptions) {}

  /** A line of the result, for people: whatever it holds, it is one. */
  line(text = ''): void {
    if (!this.options.json) process.stdout.write(`${shown(inLine(text))}\n`);
  }

  /** What has several lines, as messages of libraries have: those that follow are further in than the first, unless it is a hint. */
  paragraph(text: string, names: Iterable<string> = [], further = '  '): void {
    if (this.options.json) return;
    const indent = ' '.repeat(text.search(/\S|$/));
    process.stdout.write(`${shown(hanging(text, `${indent}${further}`, names))}\n`);
  }

  /** Text that others read as it is, such as SQL; people and CI servers see what they may. */
  text(text: string): void {
    if (!this.options.json) process.stdout.write(`${readByProgram() ? text : shown(forReaders(text))}\n`);
  }

  /** A line beside the result: progress, what comes next. Gone with `--quiet`. */
  note(text: string): void {
    if (!this.options.quiet) process.stderr.write(`${shown(inLine(text))}\n`);
  }

  /** What comes next: only for a person at the result. */
  next(text: string): void {
    if (!this.options.quiet) this.line(`${this.style('dim', 'next:')} ${text}`);
  }

  /** The one JSON document of a command that was asked for it: what its published schema declares, and nothing else. */
  document<Given extends DocumentOf<Name>>(document: Given & Exactly<Given, DocumentOf<Name>>): void {
    this.#print(document);
  }

  /** How a command ended that did not come to its end; where it came from only for who asks, since it names our files, not the user's. */
  error(error: PredictableError): void {
    if (this.#said) return;
    this.#print({ error: error.toJSON() });
    this.#said = true;
    if (this.options.json) return;
    process.stderr.write(`${shown(errorText(error, this.options.argv))}\n`);
    if (process.env[DEBUG] !== undefined && error.cause instanceof Error) {
      process.stderr.write(`${shown(forReaders(String(error.cause.stack)))}\n`);
    }
  }

  #print(document: object): void {
    if (!this.options.json || this.#said) return;
    this.#said = true;
    process.stdout.write(`${jsonForReaders({ schema: 1, ...document }, 2)}\n`);
  }

  style(style: Style, text: string): string {
    if (!process.stdout.isTTY || this.options.json) return text;
    return styleText(style, text).replaceAll(SEQUENCE, `${MARK}:$1:`);
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: what a terminal takes for a style.
const SEQUENCE = /\u001b\[([\d;]+)m/g;

/** As it is written: what would be a command to a CI server is none, and our own styles are what a terminal takes. */
function shown(text: string): string {
  return withoutCommands(text).replaceAll(MARKED, '\u001b[$1m');
}

/** An error and its hint; `argv`: the command's arguments, which stand in it as one line each. */
function errorText(
  { code, message, hint }: Pick<ErrorDocument, 'code' | 'message' | 'hint'>,
  argv: string[] = [],
): string {
  const names = argv.flatMap((argument) => [argument, argument.slice(argument.indexOf('=') + 1)]);
  const said = hanging(`${code}: ${message}`, '  ', names);
  return hint === undefined ? said : `${said}\n  ${hanging(hint, '  ', names)}`;
}

function hanging(text: string, indent: string, names: Iterable<string>): string {
  return withNamesInLine(text, names).split('\n').map(inLine).join(`\n${indent}`);
}

/** Neither a person nor the log of a CI server. */
function readByProgram(): boolean {
  return !process.stdout.isTTY && process.env.TF_BUILD === undefined && process.env.GITHUB_ACTIONS === undefined;
}

/** What a column of figures holds; an empty cell is none. */
const NUMERIC = /^(?:-?[\d,.]+(?:e[+-]?\d+)?)?$/;

/** Rows under headings, columns aligned, numbers to the right. */
export function table(headings: string[], rows: (string | number)[][]): string[] {
  const cells = [headings, ...rows].map((row) => row.map((cell) => inLine(String(cell))));
  const widths = headings.map((_, index) => Math.max(...cells.map((row) => (row[index] ?? '').length)));
  const right = headings.map((_, index) => rows.length > 0 && rows.every((row) => NUMERIC.test(String(row[index]))));
  return cells.map((row) =>
    row
      .map((cell, index) => (right[index] ? cell.padStart(widths[index] ?? 0) : cell.padEnd(widths[index] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}

/** 0.00002798 as `2.8e-5`, 0.05 as `0.050`. */
export function difference(value: number): string {
  return value !== 0 && Math.abs(value) < 0.001 ? value.toExponential(1) : value.toPrecision(2);
}
