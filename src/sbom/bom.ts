/** What converted models are made of, as a bill of materials for tools that look for parts with known defects: CycloneDX 1.6. */

import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Conversion } from '../convert/document.js';
import type { ConverterManifest } from '../converters/manifest.js';
import { sha256OfFile } from '../files/sha256.js';
import { writeWhole } from '../files/write-whole.js';
import { packageVersion } from '../paths.js';
import { type Component, modelComponent, packageComponent, runtimeComponent } from './components.js';
import { lockedPackages } from './lock.js';

/** Writes the bill of all that were converted. */
export async function writeBom(file: string, conversions: Conversion[], manifests: ConverterManifest[]): Promise<void> {
  await writeWhole(file, `${JSON.stringify(await bomOf(conversions, manifests), null, 2)}\n`);
}

/** Models, the packages of the environments that they were converted in, and the runtimes that they were verified in. */
export async function bomOf(conversions: Conversion[], manifests: ConverterManifest[]): Promise<object> {
  const converted = conversions.filter(({ status }) => status === 'converted');
  const models = converted.map(modelComponent);
  const parts = new Map<string, Component>();
  const dependencies = [];
  for (const conversion of converted) {
    const own = await partsOf(conversion, manifests);
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

async function partsOf({ converter, provenance, verification }: Conversion, manifests: ConverterManifest[]) {
  const runtimes = (verification?.runtimes ?? []).map(runtimeComponent);
  const manifest = manifests.find(({ id }) => id === converter);
  const locks = (manifest?.environments ?? []).map(({ lock }) => path.join(manifest?.folder ?? '', lock));
  for (const lock of locks) {
    // The environment's name says less: the user's own packages are in it.
    if ((await sha256OfFile(lock)) !== provenance?.lock) continue;
    return [...lockedPackages(await readFile(lock, 'utf8')).map(packageComponent), ...runtimes];
  }
  return runtimes;
}
