/** Reads items while what came before is still being worked on. */

/**
 * What `read` makes of every item, in their order; the next ones are read meanwhile.
 * @param ahead items begun before they are asked for; of two, one is being decoded while the other waits.
 * @throws what `read` throws, when its item's turn comes.
 */
export async function* readAhead<T, R>(
  items: readonly T[],
  read: (item: T) => Promise<R>,
  ahead = 2,
): AsyncGenerator<R> {
  const begun: Promise<R>[] = [];
  for (let next = 0; next < items.length || begun.length > 0;) {
    while (next < items.length && begun.length <= ahead) {
      const result = read(items[next++] as T);
      // Thrown where it is awaited, or not at all if the consumer stops before.
      result.catch(() => undefined);
      begun.push(result);
    }
    yield (await begun.shift()) as R;
  }
}
