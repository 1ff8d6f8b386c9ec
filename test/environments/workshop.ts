/** A cache folder, a folder of tiny wheels and converters that need them: everything that a build needs, no network. */

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { EnvironmentManifest } from '../../src/converters/manifest.js';
import { findInterpreters } from '../../src/environments/interpreters.js';

const makeWheel = fileURLToPath(new URL('make_wheel.py', import.meta.url));

export class Workshop {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'environments-test-'));
  readonly wheels = path.join(this.folder, 'wheels');
  readonly cache = path.join(this.folder, 'cache');
  readonly #before: Record<string, string | undefined> = {};
  #python = '';
  #manifests = 0;

  /** Points pip and the cache to this workshop, for this process and its children. */
  async open(): Promise<void> {
    mkdirSync(this.wheels);
    const [newest] = await findInterpreters();
    if (newest === undefined) throw new Error('these tests need a Python interpreter');
    this.#python = newest.path;
    this.set({
      PREDICTABLE_CACHE: this.cache,
      PIP_CONFIG_FILE: '/dev/null',
      PIP_FIND_LINKS: this.wheels,
      PIP_NO_INDEX: '1',
      PIP_INDEX_URL: undefined,
      PIP_EXTRA_INDEX_URL: undefined,
    });
  }

  close(): void {
    this.set(this.#before);
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Sets environment variables until the workshop closes. */
  set(variables: Record<string, string | undefined>): void {
    for (const [name, value] of Object.entries(variables)) {
      if (!(name in this.#before)) this.#before[name] = process.env[name];
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }

  /** Makes a wheel and returns its line in a lock. */
  wheel(name: string, version: string, requirements: string[] = [], folder = this.wheels): string {
    mkdirSync(folder, { recursive: true });
    const args = [makeWheel, folder, name, version, ...requirements];
    const hash = execFileSync(this.#python, args, { encoding: 'utf8' }).trim();
    return `${name}==${version} \\\n    --hash=sha256:${hash}\n`;
  }

  /** A converter with this lock, in a folder of its own. */
  manifest(lock: string, entry = 'VALUE = 1\n', python = { min: '3.8', max: '3.14' }): EnvironmentManifest {
    const folder = path.join(this.folder, `converter-${++this.#manifests}`);
    mkdirSync(folder);
    // Each its own environment, though several have the same packages.
    writeFileSync(path.join(folder, 'requirements.lock'), `# ${folder}\n${lock}`);
    writeFileSync(path.join(folder, 'converter.py'), entry);
    return {
      title: 'Tiny',
      environment: { name: 'tiny', lock: 'requirements.lock', python, sourceOnly: [] },
      entry: 'converter.py',
      folder,
    };
  }
}
