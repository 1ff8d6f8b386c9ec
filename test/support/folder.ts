/** Folders for tests, in the system's temporary one, that go afterwards. */

import { randomUUID } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';

/** One for all tests of the file or the describe that asks for it: there from the first test on, gone after the last. */
export function sharedFolder(name: string): string {
  const folder = placeFor(name);
  beforeAll(() => make(folder));
  afterAll(() => remove(folder));
  return folder;
}

/** Empty for each of these tests. */
export function freshFolder(name: string): string {
  const folder = placeFor(name);
  beforeEach(() => make(folder));
  afterEach(() => remove(folder));
  return folder;
}

/** Nothing is there yet: a file whose tests are all filtered out leaves nothing behind. */
function placeFor(name: string): string {
  return path.join(realpathSync(tmpdir()), `predictable-${name}-${randomUUID()}`);
}

async function make(folder: string): Promise<void> {
  await mkdir(folder, { mode: 0o700 });
}

async function remove(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}
