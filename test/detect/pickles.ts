/** Pickles made by hand: what they name can be chosen, and nothing has to run. */

/** `pickle.dumps` of a class by reference, protocol 4 or 2. */
export function pickleOf(module: string, name: string, protocol: 2 | 4 = 4): Buffer {
  return Buffer.concat([start(protocol), globalOf(module, name, protocol), Buffer.from('.')]);
}

/** An object of the first class that holds the other classes and, behind its key, the version that saved it. */
export function savedModel(classes: [module: string, name: string][], version?: string, padding = 0): Buffer {
  const state = version === undefined ? '' : `${shortText('_sklearn_version')}${shortText(version)}`;
  return Buffer.concat([
    start(4),
    ...classes.map(([module, name]) => globalOf(module, name, 4)),
    Buffer.alloc(padding, 0x8c),
    Buffer.from(`${state}.`, 'latin1'),
  ]);
}

function start(protocol: number): Buffer {
  return Buffer.from([0x80, protocol]);
}

function globalOf(module: string, name: string, protocol: 2 | 4): Buffer {
  const text = protocol === 2 ? `c${module}\n${name}\nq\x00` : `${shortText(module)}${shortText(name)}\x93\x94`;
  return Buffer.from(text, 'latin1');
}

function shortText(text: string): string {
  return `\x8c${String.fromCharCode(text.length)}${text}\x94`;
}
