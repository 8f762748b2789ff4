/**
 * `simulated,simulated.width=800` and `replay,replay.stack=frames`: a driver and its parameters in one word, named and
 * checked as the parameters of the nodes camera_driver and motor_driver.
 */
import { parse } from "yaml";
import type { z } from "zod";
import { expected } from "../../core/errors.ts";

/** What `--camera` and `--lens-driver` take, for the help. */
export const SPEC_HELP = "simulated or replay, and its parameters, as in replay,replay.stack=frames";

/** @throws AutofocusError `invalid_input`; the message names the option and the parameter. */
export function deviceSettings<S extends z.ZodObject>(option: string, spec: string, schema: S): z.output<S> {
  const [driver, ...assignments] = spec.split(",");
  const values: Record<string, unknown> = { driver };
  for (const assignment of assignments) {
    const at = assignment.indexOf("=");
    const name = assignment.slice(0, at);
    if (at < 1 || !Object.hasOwn(schema.shape, name))
      throw expected("invalid_input", "parameter=value", option, assignment, {
        cure: `Parameters are ${Object.keys(schema.shape).join(", ")}.`,
      });
    const text = assignment.slice(at + 1);
    const asIs = schema.safeParse({ driver, [name]: text });
    values[name] = asIs.success ? text : parse(text);
  }
  const checked = schema.safeParse(values);
  if (checked.success) return checked.data;
  const problems = checked.error.issues
    .map((issue) => `${issue.path.join(".")}: ${issue.message}`)
    .join("; ");
  throw expected("invalid_input", `a driver (${problems})`, option, spec);
}
