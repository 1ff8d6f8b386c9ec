/** A program of somebody who installed the package: strict, and with every declaration file checked. */

import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { packageRoot } from '../../src/paths.js';

const COMPILER = { strict: true, skipLibCheck: false, module: 'nodenext', target: 'es2023', outDir: 'built' };

const PROGRAM = `
import { type Prediction, PredictableError, readModel } from 'predictable';

const [model = '', lock = ''] = process.argv.slice(2);
const trained = await readModel(model, { trust: { lock } });
const onnx = await trained.toOnnx({ target: 'sql-edge' });
const predictions = await onnx.predict([
  { sepal_length: 5.1, sepal_width: 3.5, petal_length: 1.4, petal_width: 0.2 },
]);
const labels: Prediction[] | undefined = predictions.columns.label;
let refused = '';
try {
  await readModel(model, {});
} catch (error) {
  if (error instanceof PredictableError) refused = error.code;
}
console.log(JSON.stringify({ labels, refused, dtypes: trained.dtypes, passed: onnx.verification?.status }));
`;

/** What `process` is without @types/node, which nobody needs for our sake. */
const NODE = 'declare const process: { argv: string[] };\n';

/** Writes the program, and one that names all that there is to import; compile the folder. */
export async function writeStrictProgram(folder: string, types: 'node' | 'none'): Promise<void> {
  const options = types === 'node' ? { ...COMPILER, lib: ['es2023'], types: ['node'] } : COMPILER;
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, include: ['*.ts'] }));
  await writeFile(path.join(folder, 'program.ts'), `${types === 'node' ? '' : NODE}${PROGRAM}`);
  await writeFile(path.join(folder, 'everything.ts'), `export { ${exportedNames().join(', ')} } from 'predictable';\n`);
}

/** Types and values alike, as src/index.ts lists them. */
export function exportedNames(): string[] {
  const text = readFileSync(path.join(packageRoot, 'src', 'index.ts'), 'utf8');
  return [...text.matchAll(/^export (type )?\{([^}]*)\}/gm)].flatMap(([, only = '', names = '']) =>
    names.split(',').flatMap((name) => (name.trim() === '' ? [] : [`${only}${name.trim()}`])),
  );
}
