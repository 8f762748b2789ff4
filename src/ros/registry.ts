/** Servers by name, and clients that wait for them to appear. */
import { AutofocusError } from "../core/errors.ts";

export class Registry<T> {
  readonly #what: string;
  readonly #entries = new Map<string, T>();
  readonly #waiting = new Map<string, Set<(entry: T) => void>>();

  /** @param what names the entries in errors, "service". */
  constructor(what: string) {
    this.#what = what;
  }

  get(name: string): T | undefined {
    return this.#entries.get(name);
  }

  /**
   * Adds an entry and wakes those who wait for it; the function returned takes it out again.
   * @throws AutofocusError `invalid_input` when the name is taken.
   */
  add(name: string, entry: T): () => void {
    if (this.#entries.has(name))
      throw new AutofocusError("invalid_input", `There is already a ${this.#what} ${name}.`);
    this.#entries.set(name, entry);
    for (const wake of this.#waiting.get(name) ?? []) wake(entry);
    this.#waiting.delete(name);
    return () => {
      if (this.#entries.get(name) === entry) this.#entries.delete(name);
    };
  }

  /** The entry, as soon as it is there; `signal` ends the waiting, silently. */
  appears(name: string, signal: AbortSignal): Promise<T> {
    const entry = this.#entries.get(name);
    if (entry !== undefined) return Promise.resolve(entry);
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(name) ?? new Set();
      this.#waiting.set(name, waiting.add(resolve));
      signal.addEventListener("abort", () => waiting.delete(resolve), { once: true });
    });
  }
}

/** The name under which servers and clients of one type meet; those of another type do not hear them. */
export function typedName(name: string, type: string): string {
  return `${name} [${type}]`;
}
