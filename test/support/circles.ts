/** The circles among what leads to what, each from where it is first met; `next` is gone through in its order. */
export function circlesAmong(next: ReadonlyMap<string, Iterable<string>>): string[][] {
  const done = new Set<string>();
  const found: string[][] = [];
  const visit = (from: string, way: string[]): void => {
    const at = way.indexOf(from);
    if (at >= 0) found.push(way.slice(at));
    if (at >= 0 || done.has(from)) return;
    for (const to of next.get(from) ?? []) visit(to, [...way, from]);
    done.add(from);
  };
  for (const from of next.keys()) visit(from, []);
  return found;
}
