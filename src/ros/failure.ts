/** How an error becomes the answer of a service or the result of an action. */
import { toAutofocusError } from "../core/errors.ts";
import { complete } from "./message.ts";

/** The fields that tell of a failure, where a response or a result has them. */
export function failureFields(error: unknown): {
  success: false;
  error_code: number;
  error_msg: string;
  message: string;
  status_message: string;
} {
  const { number, summary } = toAutofocusError(error);
  return {
    success: false,
    error_code: number,
    error_msg: summary,
    message: summary,
    status_message: summary,
  };
}

/** The default struct of the definition `key`, with what went wrong in those of its fields that tell of it. */
export function failed(key: string, error: unknown): Readonly<Record<string, unknown>> {
  const empty = complete(key, {});
  const told = Object.entries(failureFields(error)).filter(([name]) => name in empty);
  return { ...empty, ...Object.fromEntries(told) };
}
