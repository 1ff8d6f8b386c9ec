/**
 * The modules that a pickle names, read from its opcodes' text without running it: `GLOBAL` writes
 * `c<module>\n<name>\n`; protocol 4 writes the module and the name as two short strings before `STACK_GLOBAL`.
 * joblib puts raw array bytes between opcodes, so the text is searched instead of the opcodes being followed:
 * what is found is a superset, good for telling formats apart and for messages, never for deciding that a file is safe.
 */

/**
 * After a string may stand BINPUT, LONG_BINPUT or MEMOIZE; a name that has been written before is fetched again with
 * BINGET or LONG_BINGET. A module that has been written before was found there.
 */
const GLOBAL_PROTOCOL_4 =
  /\x8c.([A-Za-z_][\w.]{0,120})(?:\x94|q.|r.{4})?(?:\x8c.[A-Za-z_][\w.]{0,120}(?:\x94|q.|r.{4})?|h.|j.{4})\x93/gs;
const GLOBAL_PROTOCOL_2 = /c([A-Za-z_][\w.]{0,120})\n[A-Za-z_][\w.]{0,120}\n/g;

/** No global is longer: two names with their opcodes. */
export const LONGEST_GLOBAL = 300;

/** Dotted names of modules in the order of the file, each once: the first is that of the pickled object itself. */
export function modulesNamed(bytes: Buffer): string[] {
  const text = bytes.toString('latin1');
  const found = [...text.matchAll(GLOBAL_PROTOCOL_4), ...text.matchAll(GLOBAL_PROTOCOL_2)];
  return [...new Set(found.sort((a, b) => a.index - b.index).map(([, module = '']) => module))];
}

/** Whether `module` is `name` or lies in it. */
export function isWithin(module: string, name: string): boolean {
  return module === name || module.startsWith(`${name}.`);
}
