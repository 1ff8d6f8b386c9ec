/** The folder of a pool's logs: made when the first is written, and removed with the pool unless the user named it. */

import { mkdirSync } from 'node:fs';
import { removeTemporaryNow, temporaryFolder } from '../files/temporary.js';

export class LogFolder {
  readonly #given: string | undefined;
  #path: string | undefined;

  constructor(given: string | undefined) {
    this.#given = given;
  }

  path(): string {
    this.#path ??= this.#given === undefined ? temporaryFolder('interpreters') : existing(this.#given);
    return this.#path;
  }

  remove(): void {
    if (this.#path !== undefined && this.#given === undefined) removeTemporaryNow(this.#path);
    this.#path = undefined;
  }
}

function existing(folder: string): string {
  mkdirSync(folder, { recursive: true });
  return folder;
}
