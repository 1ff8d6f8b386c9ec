/** Arguments that say which version of a model an alias or a removal is about. */

export const ALIAS = { type: 'string', demandOption: true, describe: 'for example: production' } as const;

/** Throws USAGE for a reference that names no version. */
export async function withVersion(text: string, command: string): Promise<{ name: string; version: number }> {
  const [{ PredictableError }, { parseReference }, { forShell }] = await Promise.all([
    import('../../errors.js'),
    import('../../registry/reference.js'),
    import('../../shell.js'),
  ]);
  const { name, version } = parseReference(text);
  if (version !== undefined) return { name, version };
  throw new PredictableError('USAGE', `${command} takes a version, like ${name}@2, not ${text}`, {
    hint: `predictable history ${forShell(name)} lists the versions.`,
  });
}
