/** What the process does with memory that it no longer needs. */
import { call } from "./addon.ts";

/**
 * From now on the process keeps what is freed for what comes next, instead of giving it back to the system and asking for
 * it again: with a picture at a time that costs a quarter of the processor time. For programs that end after their work;
 * a library leaves that to the program it is used in. Has an effect with glibc.
 * @throws AutofocusError `native_missing`.
 */
export function keepMemory(): Promise<void> {
  return call((addon) => {
    addon.keepMemory();
    return Promise.resolve();
  });
}
