/** A version as a file, with the document beside it that register reads: its verification moves along. */

import path from 'node:path';
import { type Conversion, provenanceSchema } from '../convert/document.js';
import { isOurs } from '../convert/own-files.js';
import { writeWhole } from '../files/write-whole.js';
import type { ModelVersion } from './registry.js';

/** Returns the files. A document of something else that lies there already stays. */
export async function pullFile(file: string, version: ModelVersion, bytes: Uint8Array): Promise<string[]> {
  const { dir, name } = path.parse(file);
  const document = path.join(dir, `${name}.json`);
  const free = await isOurs(document);
  await writeWhole(file, bytes);
  if (!free) return [file];
  await writeWhole(document, `${JSON.stringify(conversionOf(file, version), null, 2)}\n`);
  return [file, document];
}

/** What can be said of the conversion by what the registry knows. */
function conversionOf(file: string, version: ModelVersion): Conversion {
  const { name, bytes, sha256, target, description, signature, verification } = version;
  const provenance = provenanceSchema.safeParse(version.provenance);
  return {
    source: provenance.success ? provenance.data.source : name,
    status: 'converted',
    name,
    output: file,
    bytes,
    sha256,
    ...(description === null ? {} : { model: description }),
    target,
    ...signature,
    ...(verification === null ? {} : { verification }),
    warnings: [],
    ...(provenance.success ? { provenance: provenance.data } : {}),
  };
}
