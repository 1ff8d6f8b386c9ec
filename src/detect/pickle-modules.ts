/**
 * The modules that a pickle names, read from its opcodes' text without running it: `GLOBAL` writes
 * `c<module>\n<name>\n`; protocol 4 writes the module and the name as two short strings before `STACK_GLOBAL`.
 * joblib puts raw array bytes between opcodes, so the text is searched instead of the opcodes being followed:
 * what is found is a superset, good for telling formats apart and for messages, never for deciding that a file is safe.
 */

/** Opcodes that may stand between the two strings of a global: BINPUT, LONG_BINPUT and MEMOIZE. */
const GLOBAL_PROTOCOL_4 =
  /\x8c.([A-Za-z_][\w.]{0,120})(?:\x94|q.|r.{4})?\x8c.([A-Za-z_][\w.]{0,120})(?:\x94|q.|r.{4})?\x93/gs;
const GLOBAL_PROTOCOL_2 = /c([A-Za-z_][\w.]{0,120})\n([A-Za-z_][\w.]{0,120})\n/g;

/** Dotted names of modules in the order of the file, each once. A pickled object's own class comes first. */
export function modulesNamed(bytes: Buffer): string[] {
  return [...new Set(globalsNamed(bytes).map(({ module }) => module))];
}

/** Every `module.name` that the pickle would import, in the order of the file. */
export function globalsNamed(bytes: Buffer): { module: string; name: string }[] {
  const text = bytes.toString('latin1');
  const found = [...text.matchAll(GLOBAL_PROTOCOL_4), ...text.matchAll(GLOBAL_PROTOCOL_2)];
  return found
    .sort((a, b) => a.index - b.index)
    .flatMap(([, module, name]) => (module === undefined || name === undefined ? [] : [{ module, name }]));
}
