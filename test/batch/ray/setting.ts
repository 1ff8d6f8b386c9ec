/** What the tests of the Ray executor share: converters of their own, with environments of a tiny wheel or of nothing. */

import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type DriverEnvironment, driverEnvironment } from '../../../src/batch/ray/environment.js';
import type { ReadyConverter } from '../../../src/convert/executor.js';
import type { ConverterEnvironment, ConverterManifest } from '../../../src/converters/manifest.js';
import { findInterpreters } from '../../../src/environments/interpreters.js';
import { within } from '../../../src/environments/versions.js';
import { PredictableError } from '../../../src/errors.js';

const RANGE = { min: '3.11', max: '3.13' };
const own = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** Whether this machine has a Python that Ray is locked for; says so when it has none. */
export async function hasRay(): Promise<boolean> {
  const found = (await findInterpreters()).some(({ version }) => within(version, RANGE));
  if (!found) console.warn('skipped: Ray needs Python 3.11, 3.12 or 3.13, and none was found');
  return found;
}

export class Setting {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'ray-test-'));
  readonly converters = path.join(this.folder, 'converters');
  readonly wheels = path.join(this.folder, 'wheels');
  /** The line of a lock for a package that is in `wheels`. */
  tiny = '';
  driver!: DriverEnvironment;
  #count = 0;

  async open(): Promise<void> {
    this.driver = await driverEnvironment({});
    for (const folder of [this.wheels, this.converters]) mkdirSync(folder, { recursive: true });
    const made = execFileSync(this.driver.python, [
      own('../../environments/make_wheel.py'),
      this.wheels,
      'tiny',
      '1.0',
    ]);
    this.tiny = `tiny==1.0 \\\n    --hash=sha256:${made.toString().trim()}\n`;
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** A converter with this lock; what it does is in converter.py beside this file. */
  manifest(
    lock = '',
    python: { min: string; max: string } = RANGE,
  ): ConverterManifest & { environment: ConverterEnvironment } {
    const id = `test-${++this.#count}`;
    const folder = path.join(this.converters, id);
    mkdirSync(folder, { recursive: true });
    copyFileSync(own('converter.py'), path.join(folder, 'converter.py'));
    writeFileSync(path.join(folder, 'requirements.lock'), `# ${id}\n${lock}`);
    const environment = { name: `environment of ${id}`, lock: 'requirements.lock', python, sourceOnly: [] };
    return {
      id,
      title: 'Test',
      folder,
      entry: 'converter.py',
      onRequest: false,
      ownInterpreters: false,
      startsJava: false,
      environment,
      environments: [environment],
      formats: [],
      mlflow: [],
    };
  }

  /** A path that nothing has been written to. */
  fresh(name: string): string {
    return path.join(this.folder, `${++this.#count}-${name}`);
  }
}

/** A request of the test converter. */
export function request({ entry }: ReadyConverter, does: string, more: object = {}): object {
  return { action: 'convert', converter: entry, does, ...more };
}

export async function failure(call: Promise<unknown>): Promise<PredictableError> {
  const thrown = await call.then(
    (value) => new Error(`it answered ${JSON.stringify(value)}`),
    (error: unknown) => error,
  );
  if (!(thrown instanceof PredictableError)) throw thrown;
  return thrown;
}

/** What the first of the files that holds something holds. */
export async function content(...files: string[]): Promise<string> {
  for (;;) {
    const found = files.map((file) => (existsSync(file) ? readFileSync(file, 'utf8') : '')).find((text) => text !== '');
    if (found !== undefined) return found;
    await sleep(50);
  }
}

/** Resolves when no process with this id is left. */
export async function gone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await sleep(50);
  }
}
