// What the originals predict: one Python process for all pipelines, and answers that are kept, since most conversions of
// a pipeline choose the same columns as the one before.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { readFrame } from '../../dist/rows/frame-file.js';
import { bench } from '../prepare.mjs';

export const batteries = path.join(bench, '..', 'test', 'batteries');

export class Originals {
  constructor(python, folder) {
    this.folder = folder;
    this.answers = path.join(folder, 'answers');
    mkdirSync(this.answers, { recursive: true });
    const stdio = ['pipe', 'pipe', 'inherit'];
    this.process = spawn(python, [path.join(batteries, 'held_out_original.py'), folder], { stdio });
    this.lines = createInterface({ input: this.process.stdout })[Symbol.asyncIterator]();
    this.last = Promise.resolve();
  }

  /** Of all held-out rows, or of some; `types`: column → type of the conversion's inputs, `text` where there are categories. */
  async answer({ name, kind }, types, only = null) {
    const asked = JSON.stringify(Object.entries(types).sort());
    const key = createHash('sha256').update(asked).digest('hex').slice(0, 12);
    const base = path.join(this.answers, only === null ? `${name}.${key}` : 'some');
    if (only === null && existsSync(`${base}.json`)) return readFrame(base);
    const turn = this.last.then(() => this.ask({ name, kind, types, only, answer: base }));
    this.last = turn.catch(() => undefined);
    return turn;
  }

  async ask(question) {
    this.process.stdin.write(`${JSON.stringify(question)}\n`);
    const { value, done } = await this.lines.next();
    if (done) throw new Error('the originals ended');
    const { answer, error } = JSON.parse(value);
    if (error !== undefined) throw new Error(`${question.name}: ${error}`);
    return readFrame(answer);
  }

  close() {
    this.process.stdin.end();
  }
}
