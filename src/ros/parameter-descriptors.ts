/** ROS parameter descriptors and documentation tables out of a zod schema (design: one schema per node). */
import { z } from "zod";
import { AutofocusError } from "../core/errors.ts";
import type { ParameterSchema, ParameterValue } from "./parameters.ts";

export type ParameterType =
  "bool" | "integer" | "double" | "string" | "bool_array" | "integer_array" | "double_array" | "string_array";

/** The fields of rcl_interfaces/ParameterDescriptor that a schema can tell. */
export interface ParameterDescriptor {
  readonly name: string;
  readonly type: ParameterType;
  readonly description: string;
  /** Given at start, then fixed. */
  readonly readOnly: boolean;
  readonly default: ParameterValue;
  /** Inclusive bounds of a number, or of the elements of an array. */
  readonly minimum?: number;
  readonly maximum?: number;
  /** The values a string may take. */
  readonly choices?: readonly string[];
}

interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly readOnly?: boolean;
  readonly default?: ParameterValue;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly enum?: readonly string[];
  readonly items?: JsonSchema;
}

const TYPES: Readonly<Record<string, "bool" | "integer" | "double" | "string">> = {
  boolean: "bool",
  integer: "integer",
  number: "double",
  string: "string",
};

/**
 * @throws AutofocusError `internal` for an entry that ROS cannot hold, or that has no default or no description: a
 * mistake in the schema, not in its use.
 */
export function describeParameters(schema: ParameterSchema): ParameterDescriptor[] {
  const { properties = {} } = z.toJSONSchema(schema, { io: "input" }) as {
    properties?: Readonly<Record<string, JsonSchema>>;
  };
  return Object.entries(properties).map(([name, entry]) => describe(name, entry));
}

function describe(name: string, entry: JsonSchema): ParameterDescriptor {
  const scalar = entry.type === "array" ? (entry.items ?? {}) : entry;
  const type = TYPES[scalar.type ?? ""];
  if (type === undefined || entry.default === undefined || entry.description === undefined)
    throw new AutofocusError(
      "internal",
      `Parameter ${name} needs a type ROS knows, a default and a description.`,
    );
  const minimum = bound(scalar.minimum ?? scalar.exclusiveMinimum);
  const maximum = bound(scalar.maximum ?? scalar.exclusiveMaximum);
  return {
    name,
    type: entry.type === "array" ? `${type}_array` : type,
    description: entry.description,
    readOnly: entry.readOnly ?? false,
    default: entry.default,
    ...(minimum === undefined ? {} : { minimum }),
    ...(maximum === undefined ? {} : { maximum }),
    ...(scalar.enum === undefined ? {} : { choices: scalar.enum }),
  };
}

/** zod bounds integers by what a double can count; that is no bound of the parameter. */
function bound(value: number | undefined): number | undefined {
  return value === undefined || Math.abs(value) === Number.MAX_SAFE_INTEGER ? undefined : value;
}

/** A Markdown table of the parameters, for the docs. */
export function parameterTable(schema: ParameterSchema): string {
  const rows = describeParameters(schema).map((each) =>
    [
      `\`${each.name}\``,
      each.type,
      `\`${JSON.stringify(each.default)}\``,
      allowed(each),
      each.readOnly ? "at start" : "any time",
      each.description,
    ]
      .map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " "))
      .join(" | "),
  );
  const head = "name | type | default | allowed | set | meaning";
  return [head, "--- | --- | --- | --- | --- | ---", ...rows].map((row) => `| ${row} |`).join("\n");
}

function allowed({ minimum, maximum, choices }: ParameterDescriptor): string {
  if (choices !== undefined) return choices.map((choice) => `\`${choice}\``).join(", ");
  if (minimum === undefined && maximum === undefined) return "";
  return `${minimum ?? "-∞"} .. ${maximum ?? "∞"}`;
}
