import { expect, it } from 'vitest';
import { forReaders } from '../../src/cli/output.js';

const HOSTILE = '✗ ##vso[task.setvariable variable=PATH]x  CORRUPT_MODEL\n::add-mask::y\n  ::error::z';

it('leaves a line as it is where nobody takes commands from it', () => {
  expect(forReaders(HOSTILE, {})).toBe(HOSTILE);
});

it.each([{ TF_BUILD: 'True' }, { GITHUB_ACTIONS: 'true' }])('prints no command for CI: %o', (env) => {
  const printed = forReaders(HOSTILE, env);
  expect(printed).not.toContain('##');
  expect(printed).not.toMatch(/^\s*::/m);
  expect(printed).toContain('vso[task.setvariable variable=PATH]x  CORRUPT_MODEL');
});
