// Registers models until it is killed; prints each version when it is there. Arguments: the registry's file, bytes a model.
import { createHash } from 'node:crypto';
import { openRegistry } from '../../../dist/registry/open.js';

const [file, size] = process.argv.slice(2);
const registry = await openRegistry(`duckdb:${file}`);
for (let index = 0; ; index++) {
  const bytes = new Uint8Array(Number(size)).fill(index % 256);
  bytes.set(createHash('sha256').update(`${process.pid} ${index}`).digest());
  const { version } = await registry.register({
    name: 'loop',
    bytes,
    target: 'sql-edge',
    signature: { inputs: [], outputs: [] },
    verification: null,
    provenance: {},
    description: null,
    alias: 'newest',
    allowUnverified: true,
    allowSignatureChange: false,
  });
  process.stdout.write(`${version.version}\n`);
}
