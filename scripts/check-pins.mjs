// Holds every lock of the repository against floors: the oldest versions without holes that a model file reaches. What a lock
// has below them its manifest names as `legacy`, and nothing else does.
//
//   node scripts/check-pins.mjs        prints what is old, and fails where manifests and locks do not agree

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/**
 * Of a package, the first version of its newest line without known holes, then of older lines that were mended, too: what a
 * stack takes that can't take the newest (TensorFlow 2.19 takes protobuf 5).
 */
export const FLOORS = {
  onnx: ['1.21'],
  torch: ['2.10'],
  keras: ['3.13.2'],
  skops: ['0.13'],
  protobuf: ['6.33.5', '5.29.6'],
};

/** The packages of a lock that are below their floors, as `name version`, sorted. */
export function oldPins(lock) {
  const pins = [...lock.matchAll(/^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)/gm)];
  const old = pins.flatMap(([, spelled, version]) => {
    const name = spelled.toLowerCase().replaceAll(/[._-]+/g, '-');
    const floors = Object.hasOwn(FLOORS, name) ? FLOORS[name] : undefined;
    return floors === undefined || isAtFloor(version, floors) ? [] : [`${name} ${version}`];
  });
  return [...new Set(old)].sort();
}

function isAtFloor(version, [newest, ...older]) {
  const first = (text) => text.split('.')[0];
  return (
    compare(version, newest) >= 0 ||
    older.some((floor) => first(floor) === first(version) && compare(version, floor) >= 0)
  );
}

/** By numbers; a local version (`+cpu`) says nothing of age, and a pre-release is older than its release. */
function compare(a, b) {
  const numbers = (text) => text.replace(/\+.*$/, '').split('.').map(Number.parseFloat);
  const [left, right] = [numbers(a), numbers(b)];
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return /\d(?:a|b|rc)\d|dev/.test(a) ? -1 : 0;
}

/** All locks: what git knows of, and what is new. Packages of models that others saved are their record, not ours. */
export function locks(root) {
  const named = [
    'ls-files',
    '--cached',
    '--others',
    '--exclude-standard',
    '--',
    '*requirements.lock',
    '*requirements.txt',
  ];
  const files = execFileSync('git', named, { cwd: root, encoding: 'utf8' }).split('\n').filter(Boolean);
  return files.filter((file) => !file.startsWith('test/batteries/fixtures/') && existsSync(path.join(root, file)));
}

/** Lock → what the manifests with this environment call legacy. */
export function legacyMarks(root) {
  const files = execFileSync('git', ['ls-files', '--', '*converter.json', '*runtime.json'], {
    cwd: root,
    encoding: 'utf8',
  });
  const marks = new Map();
  for (const manifest of files.split('\n').filter(Boolean)) {
    const { environment, environments = [environment] } = JSON.parse(readFileSync(path.join(root, manifest), 'utf8'));
    for (const each of environments) {
      if (each?.lock === undefined) continue;
      const lock = path.posix.join(path.posix.dirname(manifest), each.lock);
      marks.set(lock, [...(marks.get(lock) ?? []), { manifest, legacy: [...(each.legacy ?? [])].sort() }]);
    }
  }
  return marks;
}

/** Where manifests and locks do not agree, in words. */
export function disagreements(root) {
  const marks = legacyMarks(root);
  return locks(root).flatMap((lock) => {
    const old = oldPins(readFileSync(path.join(root, lock), 'utf8'));
    const named = marks.get(lock) ?? [];
    if (named.length === 0) return old.length === 0 ? [] : [`${lock} has ${old.join(', ')}, and no manifest marks it`];
    return named.flatMap(({ manifest, legacy }) =>
      legacy.join() === old.join()
        ? []
        : [`${manifest} marks ${lock} as legacy [${legacy.join(', ')}], it has [${old.join(', ')}]`],
    );
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const root = fileURLToPath(new URL('..', import.meta.url));
  for (const lock of locks(root)) {
    const old = oldPins(readFileSync(path.join(root, lock), 'utf8'));
    console.log(`${old.length === 0 ? '✓' : '!'} ${lock}${old.length === 0 ? '' : `  legacy: ${old.join(', ')}`}`);
  }
  const wrong = disagreements(root);
  for (const line of wrong) console.error(`✗ ${line}`);
  process.exitCode = wrong.length === 0 ? 0 : 1;
}
