/** The packages of an environment's lock: names, versions, and the sha256 of every build that pip would take, on any machine. */

export interface LockedPackage {
  name: string;
  version: string;
  sha256: string[];
}

const PACKAGE = /^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?==([^\s;\\]+)/;
const HASH = /--hash=sha256:([0-9a-f]{64})/g;

/** Of two spellings of a name, by PyPI's rule (PEP 503). */
export function sameProject(one: string, other: string): boolean {
  return canonical(one) === canonical(other);
}

export function canonical(name: string): string {
  return name.toLowerCase().replaceAll(/[-_.]+/g, '-');
}

/** `text`: requirements as pip takes them, each with its hashes. */
export function lockedPackages(text: string): LockedPackage[] {
  // A requirement goes on in the next line behind a backslash.
  return text
    .replaceAll(/\\\r?\n/g, ' ')
    .split(/\r?\n/)
    .flatMap((line) => {
      const [, name, version] = PACKAGE.exec(line) ?? [];
      if (name === undefined || version === undefined) return [];
      return [{ name, version, sha256: [...line.matchAll(HASH)].map(([, sum = '']) => sum) }];
    });
}
