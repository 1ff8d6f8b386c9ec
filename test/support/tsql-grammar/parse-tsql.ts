/** Whether grammars that are not ours take a text for T-SQL: Microsoft's own parser, and sqlfluff's. */

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { interpreterVariables } from '../../../src/bridge/interpreter-variables.js';
import { environmentManifestSchema } from '../../../src/converters/manifest.js';
import { ensureEnvironment } from '../../../src/environments/ensure.js';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));

export interface Verdict {
  ok: boolean;
  /** Each with its line, and with who has it. */
  problems: string[];
}

/** Microsoft's parser comes as a program for one platform. */
export const canParseTsql = process.platform === 'linux' && process.arch === 'x64';

/**
 * A verdict for each text. GO splits a text into batches; bodies of procedures, and literals that are executed, are also
 * parsed by themselves. A call takes two seconds, and then 5 ms for a statement or 100 ms for a script that scores: hand
 * over many texts at once.
 */
export async function parseTsql(texts: string[]): Promise<Verdict[]> {
  const manifest = environmentManifestSchema.parse(
    JSON.parse(await readFile(path.join(FOLDER, 'runtime.json'), 'utf8')),
  );
  const { python } = await ensureEnvironment({ ...manifest, folder: FOLDER });
  const { stdout } = await execa(python, [path.join(FOLDER, manifest.entry)], {
    input: texts.map((text) => `${JSON.stringify(text)}\n`).join(''),
    env: interpreterVariables(),
    extendEnv: false,
  });
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const problems = JSON.parse(line) as string[];
      return { ok: problems.length === 0, problems };
    });
}
