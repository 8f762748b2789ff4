/** Helpers for tests of things that happen later. */
import { AutofocusError } from "../../src/core/errors.ts";

/** Resolves when `condition` holds; rejects when it still does not after `patience` ms. */
export async function eventually(condition: () => boolean, patience = 3000): Promise<void> {
  const end = performance.now() + patience;
  while (!condition()) {
    if (performance.now() > end)
      throw new Error(`still not true after ${patience} ms: ${condition.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** The AutofocusError that a promise rejects with; anything else fails the test. */
export async function rejection(promise: Promise<unknown>): Promise<AutofocusError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof AutofocusError) return error;
    throw error;
  }
  throw new Error("expected a rejection, but the promise was fulfilled");
}
