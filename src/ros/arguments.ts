/**
 * What the command line of a ROS 2 node says (https://design.ros2.org/articles/ros_command_line_arguments.html):
 *
 *     node autofocus --ros-args -r __ns:=/left -r image_raw:=/usb_cam/image -p search:=learned --params-file a.yaml
 *
 * Read here and not by rcl, so that both adapters behave alike and parameter files match namespaced nodes, which
 * rclnodejs does not do.
 */
import { AutofocusError } from "../core/errors.ts";
import { parseValue, readParameterFile, type ParameterRule } from "./parameter-files.ts";
import type { NodeOptions, Remap } from "./port.ts";

export interface RosArguments {
  /** What stood outside `--ros-args ... --`, in order. */
  readonly rest: readonly string[];
  /** Name given to every node of the process, if any (`-r __node:=`). */
  readonly nodeName: string | undefined;
  /** Namespace given to every node of the process, if any (`-r __ns:=`). */
  readonly namespace: string | undefined;
  readonly remaps: readonly NodeRemap[];
  /** In rising precedence: files first, then single values. */
  readonly parameters: readonly ParameterRule[];
  /** Flags for rcl itself: logging and the security enclave. */
  readonly rcl: readonly string[];
}

/** A remapping, for one node of the process where `node` is given. */
export interface NodeRemap extends Remap {
  readonly node: string | undefined;
}

interface Collected {
  readonly rest: string[];
  readonly names: { node?: string; namespace?: string };
  readonly remaps: NodeRemap[];
  readonly files: string[];
  readonly values: ParameterRule[];
  readonly rcl: string[];
}

type Flag = (value: string, into: Collected) => void;

const passOn =
  (flag: string): Flag =>
  (value, { rcl }) =>
    void rcl.push(flag, value);

/** Flags that take a value. */
const FLAGS: Readonly<Record<string, Flag>> = {
  "-r": remap,
  "--remap": remap,
  "-p": parameter,
  "--param": parameter,
  "--params-file": (value, { files }) => void files.push(value),
  "-e": passOn("--enclave"),
  "--enclave": passOn("--enclave"),
  "--log-level": passOn("--log-level"),
  "--log-config-file": passOn("--log-config-file"),
  "--log-file-name": passOn("--log-file-name"),
};

const SWITCH = /^--(?:enable|disable)-(?:rosout|stdout|external-lib)-logs$/;

/**
 * @param argv arguments after the program's own name and command.
 * @throws AutofocusError `invalid_input` for what cannot be read, `io` for a parameter file that is not there.
 */
export async function parseRosArguments(argv: readonly string[]): Promise<RosArguments> {
  const into: Collected = { rest: [], names: {}, remaps: [], files: [], values: [], rcl: [] };
  let inside = false;
  for (let index = 0; index < argv.length; index++) {
    const argument = argv[index] as string;
    const flag = inside ? FLAGS[argument] : undefined;
    if (argument === "--ros-args") inside = true;
    else if (inside && argument === "--") inside = false;
    else if (!inside) into.rest.push(argument);
    else if (SWITCH.test(argument)) into.rcl.push(argument);
    else if (flag === undefined)
      throw wrong(`${JSON.stringify(argument)} is not a ROS argument`, "End the ROS arguments with --.");
    else {
      const value = argv[++index];
      if (value === undefined) throw wrong(`${argument} needs a value`);
      flag(value, into);
    }
  }
  const files = await Promise.all(into.files.map((path) => readParameterFile(path)));
  return {
    rest: into.rest,
    nodeName: into.names.node,
    namespace: into.names.namespace,
    remaps: into.remaps,
    parameters: [...files.flat(), ...into.values],
    rcl: into.rcl.length === 0 ? [] : ["--ros-args", ...into.rcl],
  };
}

/** `from:=to`, or for one node `node:from:=to`. */
function remap(rule: string, { names, remaps }: Collected): void {
  const { node, name, value } = split(rule);
  if (value === "") throw wrong(`The remapping ${JSON.stringify(rule)} says no new name`);
  if (node === undefined && (name === "__node" || name === "__name")) names.node ??= value;
  else if (node === undefined && name === "__ns") names.namespace ??= value;
  else remaps.push({ node, from: name, to: value });
}

/** `name:=value`, or for one node `node:name:=value`; the value is YAML. */
function parameter(rule: string, { values }: Collected): void {
  const { node, name, value } = split(rule);
  values.push({ node: node ?? "/**", values: { [name]: parseValue(value, rule) } });
}

function split(rule: string): { node: string | undefined; name: string; value: string } {
  const found = /^(?:(?<node>[^:=]+):)?(?<name>[^:=]+):=(?<value>.*)$/s.exec(rule);
  if (found?.groups === undefined) throw wrong(`Expected name:=value but received ${JSON.stringify(rule)}`);
  const { node, name = "", value = "" } = found.groups;
  return { node, name, value };
}

/**
 * The name and the options of a node whose program calls it `name`, with what the command line says about it.
 * A process with several nodes ignores a node name given to all of them (`alone` false).
 */
export function nodeFromArguments(
  given: RosArguments,
  name: string,
  options: NodeOptions = {},
  alone = true,
): { name: string; options: NodeOptions } {
  const called = alone ? (given.nodeName ?? name) : name;
  const namespace = given.namespace ?? options.namespace ?? "/";
  const fullName = `${namespace.replace(/\/$/, "")}/${called}`.replace(/^(?!\/)/, "/");
  const parameters = Object.assign(
    { ...options.parameters },
    ...given.parameters.filter(({ node }) => matchesNode(node, fullName)).map(({ values }) => values),
  ) as Record<string, unknown>;
  const remaps = given.remaps.filter(({ node }) => node === undefined || matchesNode(node, fullName));
  return {
    name: called,
    options: {
      namespace,
      parameters,
      remaps: [...remaps.map(({ from, to }) => ({ from, to })), ...(options.remaps ?? [])],
    },
  };
}

/**
 * Whether a rule for `pattern` is meant for the node `fullName`: `*` stands for one token, `**` for any number of
 * them, and a bare node name for the node of that name in every namespace.
 */
export function matchesNode(pattern: string, fullName: string): boolean {
  const absolute = pattern.startsWith("/")
    ? pattern
    : pattern.includes("/")
      ? `/${pattern}`
      : `/**/${pattern}`;
  return matchesTokens(absolute.split("/").slice(1), fullName.split("/").slice(1));
}

function matchesTokens(pattern: readonly string[], tokens: readonly string[]): boolean {
  const [first, ...others] = pattern;
  if (first === undefined) return tokens.length === 0;
  if (first === "**")
    return Array.from({ length: tokens.length + 1 }, (_, count) => tokens.slice(count)).some((after) =>
      matchesTokens(others, after),
    );
  const [token, ...after] = tokens;
  return token !== undefined && (first === "*" || first === token) && matchesTokens(others, after);
}

function wrong(message: string, cure?: string): AutofocusError {
  return new AutofocusError("invalid_input", `${message}.`, cure === undefined ? {} : { cure });
}
