/** What a command says: results on stdout, notes on stderr; with `--json` one document on stdout and nothing else there. */

import { styleText } from 'node:util';

export interface OutputOptions {
  json: boolean;
  quiet: boolean;
}

type Style = 'green' | 'red' | 'yellow' | 'dim' | 'bold';

export class Output {
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

  /** The one JSON document of a command that was asked for it. */
  document(document: object): void {
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

/** 421,888 bytes as `412 KB`. */
export function size(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB'];
  const power = Math.min(units.length - 1, bytes < 1024 ? 0 : Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** power;
  return `${value < 10 && power > 0 ? value.toFixed(1) : Math.round(value)} ${units[power]}`;
}

/** 1234567 as `1,234,567`. */
export function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** `1 row`, `2 rows`. */
export function plural(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/** 0.00002798 as `2.8e-5`, 0.05 as `0.050`. */
export function difference(value: number): string {
  return value !== 0 && Math.abs(value) < 0.001 ? value.toExponential(1) : value.toPrecision(2);
}
