/** A password from stdin or from a person at a terminal: never shown, never in an argument. */

import { stderr, stdin } from 'node:process';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { PredictableError } from '../../errors.js';
import { forReaders } from '../../report/page/visible.js';

/** How to ask: reading stdin when that was said, else a prompt; null where nobody can answer. */
export function passwordAsker(fromStdin: boolean): ((question: string) => Promise<string>) | null {
  if (fromStdin) return readStdin;
  return stdin.isTTY && stderr.isTTY ? prompt : null;
}

/** The first line. */
async function readStdin(): Promise<string> {
  let text = '';
  for await (const chunk of stdin) text += String(chunk);
  const [line = ''] = text.split(/\r?\n/);
  if (line !== '') return line;
  throw new PredictableError('USAGE', '--password-stdin was given, but stdin is empty', {
    hint: 'For example: predictable list --password-stdin < password.txt',
  });
}

async function prompt(question: string): Promise<string> {
  stderr.write(forReaders(question));
  // What is typed goes nowhere.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: stdin, output: nowhere, terminal: true });
  try {
    return await lines.question('');
  } finally {
    lines.close();
    stderr.write('\n');
  }
}
