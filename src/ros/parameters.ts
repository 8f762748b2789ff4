/**
 * Parameters of a node. One zod schema per node is the single source: it gives the defaults, the bounds, the
 * descriptions and the read-only flags, makes the ROS descriptors and the table in the docs, and validates every
 * set-parameters call, all or nothing.
 *
 *     const schema = z.object({
 *       rate: z.number().min(1).max(240).default(30).meta({ description: "Frames a second.", readOnly: true }),
 *     });
 *     const parameters = node.declareParameters(schema);
 *     parameters.values.rate;
 *
 * Every entry has a default; names may contain dots. A rule over several parameters is a `.refine` of the object.
 */
import { BehaviorSubject, type Observable } from "rxjs";
import type { z } from "zod";
import { AutofocusError, toAutofocusError } from "../core/errors.ts";
import { describeParameters, type ParameterDescriptor } from "./parameter-descriptors.ts";

export type ParameterSchema = z.ZodObject;
export type ParameterScalar = boolean | number | string;
/** What ROS 2 can hold in a parameter. */
export type ParameterValue = ParameterScalar | readonly ParameterScalar[];

export interface SetResult {
  readonly successful: boolean;
  /** What was refused and why; empty on success. */
  readonly reason: string;
}

/** Refuses a set of values by throwing, before any of it is applied. */
export type ParameterCheck<Values> = (next: Values, previous: Values) => void;

const ACCEPTED: SetResult = { successful: true, reason: "" };

/** The declared parameters of one node and their values. */
export class ParameterStore<S extends ParameterSchema> {
  readonly descriptors: readonly ParameterDescriptor[];
  readonly #schema: S;
  readonly #values: BehaviorSubject<z.output<S>>;
  readonly #checks: ParameterCheck<z.output<S>>[] = [];

  /**
   * @param given values from outside, by name, over the defaults.
   * @throws AutofocusError `invalid_parameter` naming every value that is refused, unknown names among them.
   */
  constructor(schema: S, given: Readonly<Record<string, unknown>> = {}) {
    this.#schema = schema;
    this.descriptors = describeParameters(schema);
    this.#values = new BehaviorSubject(this.#parse(given));
  }

  /** The values now. The object is never changed; a set makes a new one. */
  get values(): z.output<S> {
    return this.#values.value;
  }

  /** The values on subscription, then after every set that changed one. */
  get values$(): Observable<z.output<S>> {
    return this.#values.asObservable();
  }

  /** Adds a check of the node's own, which sees the whole set of values before it is applied. */
  addCheck(check: ParameterCheck<z.output<S>>): void {
    this.#checks.push(check);
  }

  /** Sets some parameters: all of them, or none when one is refused. */
  set(changes: Readonly<Record<string, unknown>>): SetResult {
    try {
      for (const { name, readOnly } of this.descriptors)
        if (readOnly && name in changes && !same(changes[name], this.#get(name)))
          throw new AutofocusError("invalid_parameter", `${name} is read-only: it is given at start.`);
      const next = this.#parse({ ...this.values, ...changes });
      for (const check of this.#checks) check(next, this.values);
      if (!same(next, this.values)) this.#values.next(next);
      return ACCEPTED;
    } catch (error) {
      return { successful: false, reason: toAutofocusError(error).message };
    }
  }

  /** @throws AutofocusError `invalid_parameter` for a name that is not declared. */
  get(name: string): ParameterValue {
    if (!this.descriptors.some((each) => each.name === name))
      throw new AutofocusError("invalid_parameter", `There is no parameter ${JSON.stringify(name)}.`);
    return this.#get(name);
  }

  #get(name: string): ParameterValue {
    return (this.values as Record<string, ParameterValue>)[name] as ParameterValue;
  }

  #parse(given: Readonly<Record<string, unknown>>): z.output<S> {
    const known = new Set(this.descriptors.map(({ name }) => name));
    const unknown = Object.keys(given).filter((name) => !known.has(name));
    const parsed = this.#schema.safeParse(given);
    const reasons = [
      ...unknown.map((name) => `there is no parameter ${JSON.stringify(name)}`),
      ...(parsed.success
        ? []
        : parsed.error.issues.map(({ path, message }) => `${path.join(".") || "parameters"}: ${message}`)),
    ];
    if (reasons.length > 0 || !parsed.success)
      throw new AutofocusError("invalid_parameter", `Parameters refused: ${reasons.join("; ")}.`);
    return parsed.data;
  }
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
