// dist/bundled/: modules that tsc wrote → each one file with the packages that it names, and their licences beside them.

import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { rolldown } from 'rolldown';

const PACKAGE = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//;

export async function bundle(folder) {
  const names = readdirSync(folder).filter((name) => name.endsWith('.js'));
  const input = Object.fromEntries(names.map((name) => [path.parse(name).name, path.join(folder, name)]));
  const build = await rolldown({ input, platform: 'node', onLog });
  const { output } = await build.generate({
    format: 'esm',
    minify: { mangle: false, compress: true },
    comments: { legal: true },
  });
  await build.close();
  const packages = new Set();
  // What tsc wrote names the packages, which are not there for those who install this.
  for (const name of readdirSync(folder)) rmSync(path.join(folder, name));
  for (const { fileName, code, moduleIds } of output) {
    writeFileSync(path.join(folder, fileName), code);
    for (const id of moduleIds) packages.add(PACKAGE.exec(id.replaceAll('\\', '/'))?.[1]);
  }
  packages.delete(undefined);
  writeFileSync(path.join(folder, 'LICENSES.txt'), [...packages].sort().map(licence).join('\n\n'));
}

/** A package that cannot be found would be missing where there is no node_modules. */
function onLog(level, log, handler) {
  if (log.code === 'UNRESOLVED_IMPORT') throw new Error(log.message);
  handler(level, log);
}

function licence(folder) {
  const { name, version, license } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((entry) => /^(?:licen[cs]e|copying)/i.test(entry));
  const text = file === undefined ? '' : `\n\n${readFileSync(path.join(folder, file), 'utf8').trim()}`;
  return `${name} ${version} (${license})${text}`;
}
