/** The same work for many files, a few of them at a time: enough to keep the disk busy, below the limit of open files. */

const TOGETHER = 32;

/** Results in the order of the items. The first error ends it. */
export async function together<T, R>(items: readonly T[], work: (item: T, index: number) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const worker = async () => {
    for (const [index, item] of queue) results[index] = await work(item, index);
  };
  await Promise.all(Array.from({ length: Math.min(TOGETHER, items.length) }, worker));
  return results;
}
