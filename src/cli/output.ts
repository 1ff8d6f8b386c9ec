/** What a command says: results on stdout, notes on stderr; with `--json` one document on stdout and nothing else there. */

import { styleText } from 'node:util';
import type { PredictableError } from '../errors.js';
import type { DocumentName, DocumentOf } from './documents.js';
import type { Exactly } from './exactly.js';

export { count, plural, size } from '../report/page/text.js';

interface OutputOptions {
  json: boolean;
  quiet: boolean;
}

type Style = 'green' | 'red' | 'yellow' | 'dim' | 'bold';

/** `Name`: the command whose document is printed. */
export class Output<Name extends DocumentName = DocumentName> {
  constructor(readonly options: OutputOptions) {}

  /** A line of the result, for people. */
  line(text = ''): void {
    if (!this.options.json) process.stdout.write(`${forReaders(text)}\n`);
  }

  /** A line beside the result: progress, what comes next. Gone with `--quiet`. */
  note(text: string): void {
    if (!this.options.quiet) process.stderr.write(`${forReaders(text)}\n`);
  }

  /** What comes next: only for a person at the result. */
  next(text: string): void {
    if (!this.options.quiet) this.line(`${this.style('dim', 'next:')} ${text}`);
  }

  /** The one JSON document of a command that was asked for it: what its published schema declares, and nothing else. */
  document<Given extends DocumentOf<Name>>(document: Given & Exactly<Given, DocumentOf<Name>>): void {
    this.#print(document);
  }

  /** How a command ended that did not come to its end. */
  error(error: PredictableError): void {
    this.#print({ error: error.toJSON() });
    if (this.options.json) return;
    process.stderr.write(`${error.code}: ${error.message}\n`);
    if (error.hint !== undefined) process.stderr.write(`  ${error.hint.replaceAll('\n', '\n  ')}\n`);
    if (error.code === 'INTERNAL' && error.cause instanceof Error) process.stderr.write(`${error.cause.stack}\n`);
  }

  #print(document: object): void {
    if (this.options.json) process.stdout.write(`${JSON.stringify({ schema: 1, ...document }, null, 2)}\n`);
  }

  style(style: Style, text: string): string {
    return process.stdout.isTTY && !this.options.json ? styleText(style, text) : text;
  }
}

/**
 * CI systems take commands from what a step prints: Azure Pipelines `##vso[…]` wherever it stands, GitHub Actions `::…::` at
 * the start of a line. A model's name must not be one.
 */
export function forReaders(text: string, env: NodeJS.ProcessEnv = process.env): string {
  if (env.TF_BUILD === undefined && env.GITHUB_ACTIONS === undefined) return text;
  return text.replaceAll('##', '# #').replace(/^\s*::/gm, '. ::');
}

/** What a column of figures holds; an empty cell is none. */
const NUMERIC = /^(?:-?[\d,.]+(?:e[+-]?\d+)?)?$/;

/** Rows under headings, columns aligned, numbers to the right. */
export function table(headings: string[], rows: (string | number)[][]): string[] {
  const cells = [headings, ...rows.map((row) => row.map(String))];
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
