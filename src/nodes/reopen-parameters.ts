/** The parameters of every node that keeps a device open. */
import { z } from "zod";
import type { Milliseconds } from "../core/units.ts";

export const reopenParameters = {
  reopen_period: z.number().min(0.01).max(600).default(1).meta({
    description: "Seconds before a device that failed is opened again; doubles from one failure to the next.",
    readOnly: true,
  }),
  reopen_period_max: z.number().min(0.01).max(3600).default(30).meta({
    description: "Seconds, the longest of these waits.",
    readOnly: true,
  }),
};

export function backoffOf(values: { readonly reopen_period: number; readonly reopen_period_max: number }): {
  readonly first: Milliseconds;
  readonly longest: Milliseconds;
} {
  const longest = 1000 * values.reopen_period_max;
  return { first: Math.min(1000 * values.reopen_period, longest), longest };
}
