/** Takes the secrets of package indexes out of everything that is shown or kept. */

const MASK = '***';
/** User and password, or a token, before the host of a URL. */
const IN_URL = /([a-z][a-z0-9+.-]*:\/\/)[^\s/]*@/gi;
/** Shorter ones would blank out ordinary words. */
const SHORTEST_SECRET = 4;

/** A function that masks credentials in URLs, and those of the given variables wherever else they stand. */
export function redactor(env: NodeJS.ProcessEnv): (text: string) => string {
  const secrets = [...new Set(Object.values(env).flatMap((value) => (value === undefined ? [] : secretsIn(value))))];
  secrets.sort((a, b) => b.length - a.length);
  return (text) =>
    secrets.reduce((masked, secret) => masked.replaceAll(secret, MASK), text.replace(IN_URL, `$1${MASK}@`));
}

function secretsIn(value: string): string[] {
  const found: string[] = [];
  for (const [, credentials = ''] of value.matchAll(/:\/\/([^\s/]*)@/g)) {
    const colon = credentials.indexOf(':');
    const secret = colon < 0 ? credentials : credentials.slice(colon + 1);
    found.push(secret, decoded(secret));
  }
  return found.filter((secret) => secret.length >= SHORTEST_SECRET);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A stray percent sign: then the text is already what it means.
    return text;
  }
}
