/** One thing `doctor` looks at. */
import { toAutofocusError } from "../../core/errors.ts";

export interface Finding {
  readonly name: string;
  /** `missing` is for what only some uses need; it is no failure. */
  readonly status: "ok" | "missing" | "broken";
  readonly detail: string;
  /** What to do about it. */
  readonly cure?: string;
}

/** Runs a check whose failure means that the package does not work. */
export async function essential(name: string, look: () => Promise<string> | string): Promise<Finding> {
  try {
    return { name, status: "ok", detail: await look() };
  } catch (error) {
    const { message, cure } = toAutofocusError(error);
    return { name, status: "broken", detail: message, ...(cure === undefined ? {} : { cure }) };
  }
}
