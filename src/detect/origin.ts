/** Where a model file comes from: the modules that it needs and the version that saved it, read without running it. */

import type { ConverterManifest, SavedBy } from '../converters/manifest.js';
import type { Origin } from '../converters/origin.js';
import { decompressed } from './decompress.js';
import type { Detected } from './detect.js';
import { PickleScan } from './pickle-scan.js';
import { readZipMember } from './zip-members.js';

/** A file is looked through this far: enough for any model that a database takes, and bombs end there. */
const MOST_BYTES = 2 ** 30;

/** Of `file`, which was detected, maybe under another path. Opens nothing when the converter has one environment only. */
export async function readOrigin(file: string, { converter, format, compression }: Detected): Promise<Origin> {
  const { savedBy, environments } = converter;
  if (environments.length === 1) return { modules: [], savedBy: null };
  switch (format.recognise.container) {
    case 'pickle': {
      const scan = new PickleScan(telling(converter), savedBy?.pickle);
      let seen = 0;
      for await (const chunk of decompressed(file, compression)) {
        scan.take(chunk);
        seen += chunk.length;
        if (seen >= MOST_BYTES) break;
      }
      return { modules: scan.modules, savedBy: scan.version };
    }
    case 'zip':
      return { modules: [], savedBy: await versionInZip(file, savedBy?.zip) };
    default:
      return { modules: [], savedBy: null };
  }
}

function telling({ environments }: ConverterManifest): string[] {
  return [...new Set(environments.flatMap(({ when }) => when?.modules ?? []))];
}

async function versionInZip(file: string, place: SavedBy['zip']): Promise<string | null> {
  if (place === undefined) return null;
  const text = await readZipMember(file, place.member);
  return new RegExp(place.pattern).exec(text)?.[1] ?? null;
}
