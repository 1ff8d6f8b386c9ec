/** The libraries that draw in the page, as scripts that need no other file, with their licences. */

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { PredictableError } from '../errors.js';

const require = createRequire(import.meta.url);

interface PageLibraries {
  /** Vega with its interpreter: `globalThis.vega` and `globalThis.vegaInterpreter`. */
  vega: string;
  /** `globalThis.dagre`. */
  dagre: string;
}

export async function readLibraries(): Promise<PageLibraries> {
  const [vega, interpreter, dagre] = await Promise.all([
    script('vega', 'build/vega.min.js'),
    script('vega-interpreter', 'build/vega-interpreter.js'),
    script('@dagrejs/dagre', 'dist/dagre.min.js'),
  ]);
  return {
    vega: `${vega}\n${withoutModules(interpreter)}`,
    // Its declaration would end with the script that it stands in.
    dagre: `${dagre}\nglobalThis.dagre = dagre;\n`,
  };
}

async function script(name: string, file: string): Promise<string> {
  const folder = packageFolder(name);
  const [text, licence] = await Promise.all([
    readFile(path.join(folder, file), 'utf8'),
    readFile(path.join(folder, 'LICENSE'), 'utf8'),
  ]);
  const [, version = ''] =
    /"version": *"([^"]+)"/.exec(await readFile(path.join(folder, 'package.json'), 'utf8')) ?? [];
  return `/*! ${name} ${version}\n${licence.replaceAll('*/', '* /')}*/\n${text.replace(/^\/\/# sourceMappingURL=.*$/m, '')}`;
}

/** Its folder, whichever files the package lets others import. */
function packageFolder(name: string): string {
  const entry = require.resolve(name);
  const ending = path.join('node_modules', ...name.split('/')) + path.sep;
  return entry.slice(0, entry.lastIndexOf(ending) + ending.length);
}

/** vega-interpreter comes as a module that imports what Vega exports too. */
function withoutModules(text: string): string {
  const imports = /^import \{([^}]*)\} from 'vega-util';$/m;
  const exports = /^export \{ expression as expressionInterpreter \};$/m;
  if (!imports.test(text) || !exports.test(text)) {
    throw new PredictableError('INTERNAL', 'this version of vega-interpreter is not understood');
  }
  const inside = text
    .replace(imports, 'const {$1} = vega;')
    .replace(exports, 'globalThis.vegaInterpreter = expression;');
  return `(() => {\n${inside}\n})();\n`;
}
