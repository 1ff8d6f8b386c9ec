// Writes schemas/<name>.schema.json from the schemas that the command line holds itself, and the files of its users, to.

import { mkdirSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { DOCUMENTS, FILES } from '../dist/cli/documents.js';

const folder = new URL('../schemas/', import.meta.url);
mkdirSync(folder, { recursive: true });
for (const [name, schema] of Object.entries({ ...DOCUMENTS, ...FILES })) {
  writeFileSync(new URL(`${name}.schema.json`, folder), `${JSON.stringify(z.toJSONSchema(schema), null, 2)}\n`);
}
