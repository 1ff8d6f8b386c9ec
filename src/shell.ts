/** Command lines that are proposed to people, who paste them: each name is one argument, whatever characters it has. */

/** Nothing in it means anything to a shell. */
const PLAIN = /^(?!=)[\p{L}\p{N}_@%+=:,./-]+$/u;
/** What is not seen as it stands, and what a log of CI would show otherwise, since it may be a command there. */
const UNSHOWN = /[\p{C}\p{Zl}\p{Zp}]|##|::/u;
/** Of that: written in octal digits of its bytes, like what `printf` itself takes for something else. */
const OCTAL = /[\p{C}\p{Zl}\p{Zp}#:'%\\]/u;

/** A name or a path as one argument of a POSIX shell. One that begins with `-` gets `./` before it, or it would be an option. */
export function forShell(name: string): string {
  return quotedForShell(name.startsWith('-') ? `./${name}` : name);
}

/** An argument as it is, an option too. */
export function quotedForShell(argument: string): string {
  if (UNSHOWN.test(argument)) return `"$(printf '${printed(argument)}')"`;
  return PLAIN.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
}

/** As the format of `printf`. */
function printed(argument: string): string {
  return [...argument]
    .map((character) => {
      if (!OCTAL.test(character)) return character;
      return [...Buffer.from(character)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
    })
    .join('');
}
