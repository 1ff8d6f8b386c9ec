/** A runtime that Node loads: `runtimes/<name>/runtime.json` says which of a package's files it is, held by their hashes. */

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { packageRoot } from '../paths.js';
import type { RuntimeVersion } from '../targets/targets.js';

/** 1.5.2 runs in Python; see src/inference/python-runtime.ts. */
export type NodeRuntimeVersion = Exclude<RuntimeVersion, '1.5.2'>;
export const NODE_RUNTIMES = ['1.30.0', '1.12.1'] as const satisfies NodeRuntimeVersion[];

const filesSchema = z.object({
  /** The native module; the library that it loads lies beside it. */
  binding: z.string(),
  /** Path in the package → sha256. */
  files: z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/)),
});
export type PlatformFiles = z.infer<typeof filesSchema>;

const manifestSchema = z.object({
  title: z.string(),
  /** As npm names it, with its version. */
  package: z.string().regex(/^[\w.-]+@[\w.-]+$/),
  /** Of the package's file, as registries write it. */
  integrity: z.string().startsWith('sha512-'),
  /** Size of the package's file. */
  bytes: z.number(),
  /** By Node's names of platform and processor, e.g. `linux-x64`. */
  platforms: z.record(z.string(), filesSchema),
});
export type RuntimeManifest = z.infer<typeof manifestSchema>;

export async function readRuntimeManifest(version: NodeRuntimeVersion): Promise<RuntimeManifest> {
  const file = path.join(packageRoot, 'runtimes', `onnxruntime-${version}`, 'runtime.json');
  return manifestSchema.parse(JSON.parse(await readFile(file, 'utf8')));
}

/** The name of the package's file, as npm writes it. */
export function packageFile({ package: spec }: RuntimeManifest): string {
  return `${spec.replace('@', '-')}.tgz`;
}
