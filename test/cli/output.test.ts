import { afterEach, expect, it, vi } from 'vitest';
import { Output, table } from '../../src/cli/output.js';
import { PredictableError } from '../../src/errors.js';

const HOSTILE =
  'a\u001b[2J\u0007\r\n::error::b ###vso[task.setvariable variable=PATH]x ##[group]y \u202ez\u2028\u009b\u007f\ud800';

afterEach(() => vi.restoreAllMocks());

function written(say: (output: Output) => void, options: { json?: boolean; argv?: string[] } = {}): string {
  const said: string[] = [];
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((text) => said.push(String(text)) > 0);
  }
  say(new Output({ json: false, quiet: false, ...options }));
  vi.restoreAllMocks();
  return said.join('');
}

function expectHarmless(text: string): void {
  expect(text).not.toMatch(/##[\w.-]*\[/);
  expect(text).not.toMatch(/^\s*::/m);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there.
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2028\u2029]|\p{Cs}/u);
}

it('prints a line as one, with all that is not seen spelled out and no command for CI', () => {
  const line = written((output) => output.line(HOSTILE));
  expectHarmless(line);
  expect(line.split('\n')).toHaveLength(2);
  expect(line).toContain(
    'a\\u001b[2J\\u0007\\u000d\\u000a: :error::b ## #vso[task.setvariable variable=PATH]x # #[group]y',
  );
});

it('says notes, tables, errors and hints in the same way', () => {
  const error = new PredictableError('CORRUPT_MODEL', `x\n${HOSTILE}`, {
    hint: `do\n${HOSTILE}`,
    details: { HOSTILE },
  });
  expectHarmless(written((output) => output.note(HOSTILE)));
  expectHarmless(written((output) => output.next(HOSTILE)));
  expectHarmless(written((output) => output.paragraph(HOSTILE)));
  expectHarmless(
    table([HOSTILE], [[HOSTILE]])
      .map((line) => written((output) => output.line(line)))
      .join(''),
  );
  const text = written((output) => output.error(error));
  expectHarmless(text);
  expect(
    text
      .split('\n')
      .slice(1, -1)
      .every((line) => line.startsWith('  ')),
  ).toBe(true);
});

it('says a name of the command line on one line, wherever an error tells it', () => {
  const file = 'models/a\n✓ b  verified.joblib';
  const error = new PredictableError('FILE_NOT_FOUND', `there is no file or folder ${file}`, {
    hint: 'Check the path.',
  });
  expect(written((output) => output.error(error), { argv: ['convert', file] })).toBe(
    'FILE_NOT_FOUND: there is no file or folder models/a\\u000a✓ b  verified.joblib\n  Check the path.\n',
  );
});

it('prints SQL as it is for programs, and as it may be seen in the log of a CI server', () => {
  const print = () => written((output) => output.text(HOSTILE));
  vi.stubEnv('TF_BUILD', undefined);
  vi.stubEnv('GITHUB_ACTIONS', undefined);
  expect(print()).toBe(`${HOSTILE}\n`);
  vi.stubEnv('TF_BUILD', 'True');
  expectHarmless(print());
  vi.unstubAllEnvs();
});

it('prints JSON that reads as the same value, and has none of it', () => {
  const error = new PredictableError('CORRUPT_MODEL', HOSTILE, {
    hint: 'std::vector ####',
    details: { [HOSTILE]: HOSTILE },
  });
  const json = written((output) => output.error(error), { json: true });
  expect(JSON.parse(json)).toEqual({ schema: 1, error: error.toJSON() });
  expectHarmless(json);
  expect(json).not.toContain('::');
});

it('prints one document, and one error, whatever comes after: a second signal does', () => {
  const error = new PredictableError('CANCELLED', 'interrupted');
  const twice = (output: Output) => {
    output.error(error);
    output.error(error);
  };
  expect(JSON.parse(written(twice, { json: true }))).toEqual({ schema: 1, error: error.toJSON() });
  expect(written(twice)).toBe('CANCELLED: interrupted\n');
});

it('shows where a defect came from to who asks for it only', () => {
  const defect = new PredictableError('INTERNAL', 'cannot read properties', { cause: new TypeError('of undefined') });
  expect(written((output) => output.error(defect))).not.toContain('TypeError');
  vi.stubEnv('PREDICTABLE_DEBUG', '1');
  expect(written((output) => output.error(defect))).toMatch(/TypeError: of undefined\n\s+at /);
  vi.unstubAllEnvs();
});
