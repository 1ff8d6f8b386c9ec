import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { findInterpreters } from '../../src/environments/interpreters.js';
import { packageRoot } from '../../src/paths.js';

/** Environments of old frameworks have Pythons this old: the bridge, and nothing else, is imported by all of them. */
const OLDEST = '3.6';

const folder = path.join(packageRoot, 'python', 'predictable_bridge');
const files = readdirSync(folder).filter((name) => name.endsWith('.py'));
const oldest = (await findInterpreters()).find(({ version }) => version.startsWith(`${OLDEST}.`));
if (oldest === undefined) console.log(`no Python ${OLDEST} here: whether it imports the bridge is not tried`);

describe.each(files)('predictable_bridge/%s', (file) => {
  it(`asks for nothing that Python ${OLDEST} does not have`, () => {
    const text = readFileSync(path.join(folder, file), 'utf8');
    const newer =
      /from __future__ import annotations|\b(?:dict|list|tuple|set|type)\[[A-Z a-z]+[\],]|:=|capture_output|dataclass|async def/;
    expect(newer.exec(text)?.[0]).toBeUndefined();
  });

  it.skipIf(oldest === undefined)(`is imported by Python ${OLDEST}`, async () => {
    const module = file === '__init__.py' ? 'predictable_bridge' : `predictable_bridge.${path.parse(file).name}`;
    const { stderr, exitCode } = await execa(oldest?.path ?? '', ['-c', `import ${module}`], {
      cwd: path.dirname(folder),
      env: { PYTHONDONTWRITEBYTECODE: '1' },
      reject: false,
    });
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  });
});
