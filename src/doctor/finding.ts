/** One line of what doctor found. */

export interface Finding {
  part: string;
  /** `optional`: only some converters or targets want it. */
  state: 'ok' | 'missing' | 'optional';
  detail: string;
  hint?: string;
}
