// Modules that tsc wrote → one classic script, since a page that is opened as a file can import nothing. Only what our own
// modules use is understood: named imports of files beside them, and exported declarations. Anything else is an error.

import { readFileSync } from 'node:fs';
import path from 'node:path';

const IMPORT = /^import \{(?:(?! as )[^}\n])*\} from '\.\/([\w-]+\.js)';\n/gm;
const EXPORT = /^export (?=(?:async )?function|const|let|class)/gm;
const EMPTY_EXPORT = /^export \{\};\n?/gm;
const TOP_LEVEL = /^(?:async )?(?:function\*?|const|let|class) (\w+)/gm;

export function linkScripts(folder, entry) {
  const linked = new Map();
  const declaredIn = new Map();
  const visit = (file, behind) => {
    if (linked.has(file)) return;
    if (behind.includes(file))
      throw new Error(`${[...behind, file].join(' → ')}: modules import each other in a circle`);
    const source = readFileSync(path.join(folder, file), 'utf8');
    for (const [, imported] of source.matchAll(IMPORT)) visit(imported, [...behind, file]);
    const text = source.replace(IMPORT, '').replace(EMPTY_EXPORT, '').replace(EXPORT, '');
    const left = /^(?:import|export)\b.*/m.exec(text);
    if (left !== null) throw new Error(`${file}: not understood: ${left[0]}`);
    for (const [, name] of text.matchAll(TOP_LEVEL)) {
      if (declaredIn.has(name)) throw new Error(`${file} and ${declaredIn.get(name)} both declare ${name}`);
      declaredIn.set(name, file);
    }
    linked.set(file, text);
  };
  visit(entry, []);
  return `(() => {\n'use strict';\n${[...linked.values()].join('')}})();\n`;
}
