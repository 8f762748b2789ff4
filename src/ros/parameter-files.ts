/**
 * Parameter files of ROS 2: YAML with node names (or patterns) over `ros__parameters` over nested names.
 *
 *     /**:
 *       ros__parameters:
 *         use_sim_time: true
 *     /camera/autofocus:
 *       ros__parameters:
 *         search: learned
 *         scan: { step: 20 }        # the parameter scan.step
 */
import { readFile } from "node:fs/promises";
import { parseDocument } from "yaml";
import { AutofocusError } from "../core/errors.ts";

/** Values for the nodes that `node`, a name or a pattern, stands for. */
export interface ParameterRule {
  readonly node: string;
  readonly values: Readonly<Record<string, unknown>>;
}

type Mapping = Readonly<Record<string, unknown>>;

/** @throws AutofocusError `io` when the file cannot be read, `invalid_parameter` when it is not a parameter file. */
export async function readParameterFile(path: string): Promise<ParameterRule[]> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    throw new AutofocusError("io", `The parameter file ${path} cannot be read.`, { cause: error });
  }
  return parseParameterFile(text, path);
}

/** @throws AutofocusError `invalid_parameter` naming `path` and what is wrong in it. */
export function parseParameterFile(text: string, path: string): ParameterRule[] {
  const document = parseYaml(text, path) ?? {};
  if (!isMapping(document)) throw wrong(path, "expected node names at the top level");
  return rulesOf(document, "", path);
}

/**
 * One value as it stands on a command line: a YAML scalar or list; nothing at all is the empty text.
 * @throws AutofocusError `invalid_parameter`.
 */
export function parseValue(text: string, where: string): unknown {
  return parseYaml(text, where) ?? "";
}

function rulesOf(mapping: Mapping, prefix: string, path: string): ParameterRule[] {
  return Object.entries(mapping).flatMap(([key, value]) => {
    if (key === "ros__parameters") {
      if (prefix === "") throw wrong(path, "ros__parameters stands under no node name");
      if (!isMapping(value)) throw wrong(path, `${prefix}: ros__parameters is not a mapping`);
      return [{ node: prefix, values: flatten(value) }];
    }
    const name =
      prefix === "" ? key : `${prefix.startsWith("/") ? prefix : `/${prefix}`}/${key}`.replaceAll("//", "/");
    if (!isMapping(value)) throw wrong(path, `${name} has no ros__parameters`);
    return rulesOf(value, name, path);
  });
}

/** Nested mappings are dotted names. */
function flatten(mapping: Mapping, prefix = ""): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(mapping)) {
    if (isMapping(value)) Object.assign(values, flatten(value, `${prefix}${key}.`));
    else values[`${prefix}${key}`] = value ?? "";
  }
  return values;
}

function parseYaml(text: string, where: string): unknown {
  const document = parseDocument(text, { merge: true });
  const [error] = document.errors;
  if (error !== undefined) throw wrong(where, error.message);
  try {
    return document.toJS({ maxAliasCount: 100 }) as unknown;
  } catch (error) {
    throw wrong(where, error instanceof Error ? error.message : String(error));
  }
}

function isMapping(value: unknown): value is Mapping {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function wrong(where: string, what: string): AutofocusError {
  return new AutofocusError("invalid_parameter", `Parameters of ${where}: ${what}.`);
}
