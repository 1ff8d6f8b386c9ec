/** What stands after `--` is a name or a path, whatever it begins with: yargs takes none of it for a command's arguments. */

const DASHES = '--';
/** No argument of a process can hold it. */
const MARK = '\u0000';

/** An option that nobody gives: it ends a list of values that stands before the dashes. */
export const AFTER_DASHES = { 'after-dashes': { type: 'boolean', hidden: true } } as const;

/** The arguments before the dashes: only they may be options. */
export function beforeDashes(argv: readonly string[]): string[] {
  const at = argv.indexOf(DASHES);
  return at < 0 ? [...argv] : argv.slice(0, at);
}

/** The arguments as yargs takes them, in their order. */
export function marked(argv: readonly string[]): string[] {
  const before = beforeDashes(argv);
  const after = argv.slice(before.length + 1);
  return after.length === 0 ? before : [...before, '--after-dashes', ...after.map((argument) => `${MARK}${argument}`)];
}

/** Takes the marks away from what yargs made of them. */
export function unmark(args: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(args)) args[name] = unmarked(value);
}

function unmarked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unmarked);
  return typeof value === 'string' && value.startsWith(MARK) ? value.slice(MARK.length) : value;
}
