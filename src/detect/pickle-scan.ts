/** Looks through a pickle of any size, piece by piece, for modules that it names and for the version that saved it. */

import { isWithin, LONGEST_GLOBAL, modulesNamed } from './pickle-modules.js';

/** A version after its key: the key's memo opcode, the string's opcode and length, then the text. */
const VERSION = /^(?:\x94|q.|r.{4})?(?:[XT](.)\0\0\0|[\x8cU](.))(\d[\w.+-]*)/s;

/** Opcode and length stand before a name. */
const BEFORE_NAME = 2;

export class PickleScan {
  /** `savedBy` value found first; null so far. */
  version: string | null = null;
  private readonly found = new Set<string>();
  private rest: Buffer = Buffer.alloc(0);

  /** `names`: top-level modules; `versionKey`: the key that a version stands behind. */
  constructor(
    private readonly names: string[],
    private readonly versionKey: string | undefined,
  ) {}

  /** Those of the names that the pickle imports from, in the order in which they were asked for. */
  get modules(): string[] {
    return this.names.filter((name) => this.found.has(name));
  }

  /** Takes the next piece. What lies across two pieces is seen with the second. */
  take(piece: Buffer): void {
    const bytes = Buffer.concat([this.rest, piece]);
    for (const name of this.names) {
      if (!this.found.has(name) && namesModule(bytes, name)) this.found.add(name);
    }
    if (this.versionKey !== undefined) this.version ??= versionBehind(bytes, this.versionKey);
    this.rest = bytes.subarray(-2 * LONGEST_GLOBAL);
  }
}

/** Searching for the bare name first keeps this as fast as memory. */
function namesModule(bytes: Buffer, name: string): boolean {
  for (let at = bytes.indexOf(name); at >= 0; at = bytes.indexOf(name, at + 1)) {
    const around = bytes.subarray(Math.max(0, at - BEFORE_NAME), at + LONGEST_GLOBAL);
    if (modulesNamed(around).some((module) => isWithin(module, name))) return true;
  }
  return false;
}

function versionBehind(bytes: Buffer, key: string): string | null {
  for (let at = bytes.indexOf(key); at >= 0; at = bytes.indexOf(key, at + 1)) {
    const start = at + Buffer.byteLength(key);
    const [, long, short, text] = VERSION.exec(bytes.toString('latin1', start, start + LONGEST_GLOBAL)) ?? [];
    const length = (long ?? short)?.charCodeAt(0);
    if (text !== undefined && length !== undefined && text.length >= length) return text.slice(0, length);
  }
  return null;
}
