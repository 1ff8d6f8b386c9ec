/** What exporters call a tensor, made into a name that reads well in SQL; names of people's own columns stay as they are. */

/** `13` says nothing, and `input.1` needs quoting in every query. */
const NUMBER = /^\d+$/;
const NUMBERED = /^([A-Za-z_]\w*)\.(\d+)$/;

/** Marks that a framework leaves, never a person: the output's number, a signature's prefix, a graph's scope. */
const OUTPUT_NUMBER = /:\d+$/;
const SIGNATURE_PREFIX = /^serving_default_/;
const SCOPE = /^(Stateful)?PartitionedCall(?=\/|$)|^\//;

export function goodName(raw: string, edge: 'input' | 'output'): string {
  const marked = OUTPUT_NUMBER.test(raw) || SIGNATURE_PREFIX.test(raw) || SCOPE.test(raw) || edge === 'output';
  let name = raw.replace(OUTPUT_NUMBER, '').replace(SIGNATURE_PREFIX, '');
  // A column may well be called "km/h": only names that bear another mark are paths.
  if (marked) name = name.split('/').filter(Boolean).at(-1) ?? name;
  if (NUMBER.test(name)) return `${edge}_${name}`;
  return name.replace(NUMBERED, '$1_$2') || raw;
}

/** One name a value of a tensor [N, …sizes], row-major: `pixels_0_3_1`. */
export function indexedNames(name: string, sizes: number[]): string[] {
  return sizes.reduce<string[]>(
    (names, size) => names.flatMap((prefix) => Array.from({ length: size }, (_, at) => `${prefix}_${at}`)),
    [name],
  );
}
