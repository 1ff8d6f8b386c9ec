/** Chance that comes out the same each time: a case is known by its number. */

import { randomFrom } from '../support/random.js';

export class Chance {
  /** From 0 up to 1, without it. */
  readonly share: () => number;

  constructor(seed: number) {
    // Seeds that follow one another have little in common then.
    this.share = randomFrom((seed * 0x9e3779b9 + 0x6a09e667) >>> 0);
    this.share();
  }

  /** A whole number from 0 up to `end`, without it. */
  below(end: number): number {
    return Math.floor(this.share() * end);
  }

  of<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)] as T;
  }
}
