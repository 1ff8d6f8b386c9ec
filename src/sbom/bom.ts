/** What converted models are made of, as a bill of materials for tools that look for parts with known defects: CycloneDX 1.6. */

import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Converters } from '../convert/converters.js';
import type { Conversion } from '../convert/document.js';
import { PredictableError } from '../errors.js';
import { sha256OfFile } from '../files/sha256.js';
import { writeWhole } from '../files/write-whole.js';
import { packageVersion } from '../paths.js';
import { type Component, modelComponent, packageComponent, runtimeComponent } from './components.js';
import { installedPackages } from './installed.js';
import { lockedPackages } from './lock.js';

/** Writes the bill of all that were converted. Throws USAGE where it would replace one of their files. */
export async function writeBom(file: string, conversions: Conversion[], converters: Converters): Promise<void> {
  const written = conversions.flatMap(({ output }) => (output === undefined ? [] : filesOf(output)));
  if (written.includes(path.resolve(file))) {
    throw new PredictableError('USAGE', `${file} is a file of a model that was just converted`, {
      hint: 'The models are written; name another file for the bill of materials, like iris.cdx.json.',
    });
  }
  await writeWhole(file, `${JSON.stringify(await bomOf(conversions, converters), null, 2)}\n`);
}

function filesOf(model: string): string[] {
  const { dir, name } = path.parse(path.resolve(model));
  return ['onnx', 'json', 'sig'].map((ending) => path.join(dir, `${name}.${ending}`));
}

/** Models, the packages of the environments that they were converted in, and the runtimes that they were verified in. */
export async function bomOf(conversions: Conversion[], converters: Converters): Promise<object> {
  const converted = conversions.filter(({ status }) => status === 'converted');
  const models = converted.map(modelComponent);
  const parts = new Map<string, Component>();
  const dependencies = [];
  for (const conversion of converted) {
    const own = await partsOf(conversion, converters);
    for (const part of own) parts.set(part['bom-ref'], part);
    dependencies.push({ ref: `model:${conversion.name}`, dependsOn: own.map((part) => part['bom-ref']) });
  }
  const [only, ...others] = models;
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${randomUUID()}`,
    version: 1,
    metadata: {
      timestamp: new Date().toISOString(),
      tools: { components: [{ type: 'application', name: 'predictable', version: packageVersion() }] },
      ...(only !== undefined && others.length === 0 ? { component: only } : {}),
    },
    components: [...(others.length === 0 ? [] : models), ...parts.values()],
    dependencies,
  };
}

async function partsOf({ converter, provenance, verification }: Conversion, converters: Converters) {
  const runtimes = (verification?.runtimes ?? []).map(runtimeComponent);
  const manifest = converters.manifests.find(({ id }) => id === converter);
  for (const environment of manifest?.environments ?? []) {
    const lock = path.join(manifest?.folder ?? '', environment.lock);
    // The environment's name says less: the user's own packages are in it.
    if (manifest === undefined || (await sha256OfFile(lock)) !== provenance?.lock) continue;
    const locked = lockedPackages(await readFile(lock, 'utf8'));
    const { python } = (await converters.prepare(manifest, environment)).environment;
    const packages = python === undefined ? locked : await installedPackages(python, locked);
    return [...packages.map(packageComponent), ...runtimes];
  }
  return runtimes;
}
