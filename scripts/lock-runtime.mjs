// Locks an ONNX Runtime of Node's anew: which package of npm's it comes from, and which of its files each platform needs.
//
//   node scripts/lock-runtime.mjs runtimes/onnxruntime-1.30.0 [onnxruntime-node@1.30.0]
//
// For developers, after a change of the version. Needs a network; npm takes its own settings.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { extract } from 'tar';

const BINDING = 'onnxruntime_binding.node';
/** For processors of graphics: nothing loads them unless one is asked for. */
const NOT_NEEDED = /^(?:DirectML|dxcompiler|dxil|onnxruntime_providers_\w+)\.dll$/;

const [folder, named] = process.argv.slice(2);
const manifest = path.join(folder, 'runtime.json');
const spec = named ?? JSON.parse(readFileSync(manifest, 'utf8')).package;
const work = mkdtempSync(path.join(tmpdir(), 'predictable-lock-'));
try {
  const options = { cwd: work, encoding: 'utf8', shell: process.platform === 'win32' };
  const tarball = path.join(work, execFileSync('npm', ['pack', spec, '--silent'], options).trim());
  await extract({ file: tarball, cwd: work, strip: 1 });
  const bytes = readFileSync(tarball);
  const title = `ONNX Runtime ${spec.split('@').at(-1)}`;
  const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    manifest,
    `${JSON.stringify({ title, package: spec, integrity, bytes: bytes.length, platforms: platforms() }, null, 2)}\n`,
  );
} finally {
  rmSync(work, { recursive: true });
}

/** `bin/napi-v6/linux/x64` has what linux-x64 needs. */
function platforms() {
  const [api] = readdirSync(path.join(work, 'bin'));
  const found = {};
  for (const platform of readdirSync(path.join(work, 'bin', api)).sort()) {
    for (const arch of readdirSync(path.join(work, 'bin', api, platform)).sort()) {
      const inside = `bin/${api}/${platform}/${arch}`;
      found[`${platform}-${arch}`] = { binding: `${inside}/${BINDING}`, files: files(inside) };
    }
  }
  return found;
}

function files(inside) {
  const binding = readFileSync(path.join(work, inside, BINDING), 'latin1');
  const found = {};
  for (const name of readdirSync(path.join(work, inside)).sort()) {
    // On macOS the library is there twice, and the binding names the one that it loads.
    if (NOT_NEEDED.test(name) || (name !== BINDING && !binding.includes(name))) continue;
    found[`${inside}/${name}`] = createHash('sha256')
      .update(readFileSync(path.join(work, inside, name)))
      .digest('hex');
  }
  return found;
}
