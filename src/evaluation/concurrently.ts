/** Work on several things at a time, with results in their order, so that the schedule changes no figure. */
import { availableParallelism } from "node:os";

/** Most at a time; each may hold some pictures in memory. */
const MOST = 4;

/** `work` on every item; the first failure is thrown, and no further item is then begun. */
export async function concurrently<T, R>(
  items: readonly T[],
  work: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const index = next++;
      try {
        results[index] = await work(items[index] as T, index);
      } catch (error) {
        next = items.length;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(MOST, availableParallelism(), items.length) }, worker));
  return results;
}
