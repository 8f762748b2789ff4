/**
 * Writes src/ros/messages.ts: TypeScript interfaces and runtime definitions of every message, service and action this
 * package uses, from `msg/`, `srv/`, `action/`, `tools/interfaces/` and `@foxglove/rosmsg-msgs-common` (ROS 2 jazzy).
 *
 *     npm run generate
 *
 * A definition is data (names, types, defaults), so that messages can be validated and completed at run time.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parse } from "@foxglove/rosmsg";
import { ros2jazzy } from "@foxglove/rosmsg-msgs-common";
import { format, resolveConfig } from "prettier";

const PACKAGE = "intelligent_autofocus";
export const OUTPUT = "src/ros/messages.ts";

/** Standard messages the nodes speak; what these contain comes along. */
const STANDARD = [
  "sensor_msgs/Image",
  "sensor_msgs/CompressedImage",
  "sensor_msgs/CameraInfo",
  "sensor_msgs/RegionOfInterest",
  "nav_msgs/OccupancyGrid",
  "diagnostic_msgs/DiagnosticArray",
  "std_msgs/Header",
  "std_msgs/Float64",
  "lifecycle_msgs/TransitionEvent",
] as const;

type Parsed = ReturnType<typeof parse>[number]["definitions"];
type ParsedField = Parsed[number];

/** One struct of the output: a message, or one part of a service or an action. */
interface Struct {
  /** Key of its definition, `sensor_msgs/Image` or `intelligent_autofocus/Focus_Goal`. */
  readonly key: string;
  /** Name of its interface, `ImageMsg` or `FocusGoalMsg`. */
  readonly typeName: string;
  readonly fields: Parsed;
  /** Comment of a field, by its name; what the files of this package say. */
  readonly comments: ReadonlyMap<string, string>;
}

interface Interface {
  readonly name: string;
  readonly kind: "msg" | "srv" | "action";
  readonly parts: readonly Struct[];
}

const PARTS = { msg: [""], srv: ["Request", "Response"], action: ["Goal", "Result", "Feedback"] } as const;

function readInterface(file: string, packageName: string, kind: Interface["kind"], name: string): Interface {
  const sections = readFileSync(file, "utf8").split(/^---$/m);
  const parts = PARTS[kind];
  if (sections.length !== parts.length)
    throw new Error(`${file}: expected ${parts.length} sections but received ${sections.length}`);
  return {
    name: `${packageName}/${kind}/${name}`,
    kind,
    parts: parts.map((part, index) => {
      const text = sections[index] ?? "";
      return {
        key: `${packageName}/${name}${part === "" ? "" : `_${part}`}`,
        typeName: `${name}${part}Msg`,
        fields: parse(text, { ros2: true, skipTypeFixup: true })[0]?.definitions ?? [],
        comments: commentsOf(text),
      };
    }),
  };
}

/** The comments behind fields and constants: `float64 position  # steps`. */
function commentsOf(text: string): Map<string, string> {
  const comments = new Map<string, string>();
  for (const line of text.split("\n")) {
    const match = /^\s*[\w/]+(?:\[\d*\])?\s+(\w+)[^#]*#\s*(.+?)\s*$/.exec(line);
    if (match?.[1] !== undefined && match[2] !== undefined) comments.set(match[1], match[2]);
  }
  return comments;
}

function readFolder(root: string, packageName: string): Interface[] {
  return (["msg", "srv", "action"] as const).flatMap((kind) =>
    list(join(root, kind), `.${kind}`).map((name) =>
      readInterface(join(root, kind, `${name}.${kind}`), packageName, kind, name),
    ),
  );
}

function list(folder: string, ending: string): string[] {
  try {
    return readdirSync(folder)
      .filter((file) => file.endsWith(ending))
      .map((file) => file.slice(0, -ending.length))
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

function standardMessage(key: string): Interface {
  const found = (ros2jazzy as Readonly<Record<string, { definitions: Parsed } | undefined>>)[key];
  if (found === undefined) throw new Error(`${key} is neither here nor in @foxglove/rosmsg-msgs-common`);
  const name = key.slice(key.indexOf("/") + 1);
  const part = {
    key,
    typeName: `${name}Msg`,
    fields: found.definitions,
    comments: new Map<string, string>(),
  };
  return { name: key.replace("/", "/msg/"), kind: "msg", parts: [part] };
}

/** `time` and `duration` are how the parser writes builtin_interfaces; a bare name is of the same package. */
function complexKey(field: ParsedField, owner: string): string | undefined {
  if (field.type === "time") return "builtin_interfaces/Time";
  if (field.type === "duration") return "builtin_interfaces/Duration";
  if (field.isComplex !== true) return undefined;
  return field.type.includes("/") ? field.type : `${owner.slice(0, owner.indexOf("/"))}/${field.type}`;
}

const ARRAYS: Readonly<Record<string, string>> = {
  uint8: "Uint8Array",
  byte: "Uint8Array",
  char: "Uint8Array",
  int8: "Int8Array",
  uint16: "Uint16Array",
  int16: "Int16Array",
  uint32: "Uint32Array",
  int32: "Int32Array",
  uint64: "BigUint64Array",
  int64: "BigInt64Array",
  float32: "Float32Array",
  float64: "Float64Array",
};

function scalarType(type: string): string {
  if (type === "bool") return "boolean";
  if (type === "string" || type === "wstring") return "string";
  if (type === "int64" || type === "uint64") return "bigint";
  if (type in ARRAYS) return "number";
  throw new Error(`unknown type ${type}`);
}

function fieldType(field: ParsedField, owner: string, names: ReadonlyMap<string, string>): string {
  const key = complexKey(field, owner);
  if (key !== undefined) {
    const name = names.get(key);
    if (name === undefined) throw new Error(`${owner}: unknown type ${key}`);
    return field.isArray === true ? `readonly ${name}[]` : name;
  }
  if (field.isArray !== true) return scalarType(field.type);
  return ARRAYS[field.type] ?? `readonly ${scalarType(field.type)}[]`;
}

/** Every message reachable from `roots` that is not among `own`, from the package of standard messages. */
function withDependencies(own: readonly Interface[]): Interface[] {
  const all = new Map<string, Interface>();
  const add = (each: Interface): void => {
    if (all.has(each.name)) return;
    all.set(each.name, each);
    for (const part of each.parts)
      for (const field of part.fields) {
        const key = complexKey(field, part.key);
        if (key !== undefined && !all.has(key.replace("/", "/msg/")) && !key.startsWith(`${PACKAGE}/`))
          add(standardMessage(key));
      }
  };
  own.forEach(add);
  STANDARD.map(standardMessage).forEach(add);
  return [...all.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

const doc = (text: string | undefined): string => (text === undefined ? "" : `/** ${text} */\n`);

function writeStruct(struct: Struct, names: ReadonlyMap<string, string>): string {
  const fields = struct.fields.filter((field) => field.isConstant !== true);
  const constants = struct.fields.filter((field) => field.isConstant === true);
  const members = fields.map(
    (field) =>
      `${doc(struct.comments.get(field.name))}readonly ${field.name}: ${fieldType(field, struct.key, names)};`,
  );
  const body = members.length === 0 ? "Record<string, never>" : `{\n${members.join("\n")}\n}`;
  const text = [`/** ${struct.key} */\nexport type ${struct.typeName} = ${body};`];
  if (constants.length > 0) {
    const values = constants.map(
      (constant) => `${doc(struct.comments.get(constant.name))}${constant.name}: ${literal(constant.value)},`,
    );
    text.push(
      `/** Constants of ${struct.key} */\nexport const ${struct.typeName} = {\n${values.join("\n")}\n} as const;`,
    );
  }
  return text.join("\n");
}

function literal(value: unknown): string {
  return typeof value === "bigint" ? `${value}n` : JSON.stringify(value);
}

function writeDefinition(struct: Struct): string {
  const fields = struct.fields
    .filter((field) => field.isConstant !== true)
    .map((field) => {
      const key = complexKey(field, struct.key);
      const entries = [`name: ${literal(field.name)}`, `type: ${literal(key ?? field.type)}`];
      if (key !== undefined) entries.push("complex: true");
      if (field.isArray === true) entries.push("array: true");
      if (field.arrayLength !== undefined) entries.push(`length: ${field.arrayLength}`);
      if (field.arrayUpperBound !== undefined) entries.push(`most: ${field.arrayUpperBound}`);
      if (field.defaultValue !== undefined) entries.push(`default: ${literal(field.defaultValue)}`);
      return `{ ${entries.join(", ")} }`;
    });
  return `${JSON.stringify(struct.key)}: [${fields.join(",\n")}],`;
}

function writeMap(name: string, comment: string, interfaces: readonly Interface[]): string {
  const entries = interfaces.map((each) => {
    const parts = each.parts.map(
      (part, index) => `${PARTS[each.kind][index]?.toLowerCase() ?? ""}: ${part.typeName}`,
    );
    const value = each.kind === "msg" ? (each.parts[0]?.typeName ?? "") : `{ ${parts.join("; ")} }`;
    return `${JSON.stringify(each.name)}: ${value};`;
  });
  return `/** ${comment} */\nexport interface ${name} {\n${entries.join("\n")}\n}`;
}

/** The text of src/ros/messages.ts for the repository at `root`. */
export async function generateMessages(root: string): Promise<string> {
  const others = join(root, "tools", "interfaces");
  const packages = readdirSync(others, { withFileTypes: true }).filter((each) => each.isDirectory());
  const interfaces = withDependencies([
    ...readFolder(root, PACKAGE),
    ...packages.flatMap(({ name }) => readFolder(join(others, name), name)),
  ]);
  const structs = interfaces.flatMap((each) => each.parts);
  const names = new Map(structs.map((struct) => [struct.key, struct.typeName]));
  const text = [
    "// Generated by tools/generate-messages.ts from msg/, srv/, action/ and tools/interfaces/. Do not edit.",
    "/** Messages, services and actions: interfaces, constants, and the definitions that validate them. */",
    'import type { Definitions } from "./definition.ts";',
    ...structs.map((struct) => writeStruct(struct, names)),
    ...(["msg", "srv", "action"] as const).map((kind) =>
      writeMap(
        { msg: "MessageTypes", srv: "ServiceTypes", action: "ActionTypes" }[kind],
        `Types by their ROS names (${kind}).`,
        interfaces.filter((each) => each.kind === kind),
      ),
    ),
    `/** The fields of every struct, in order. */\nexport const DEFINITIONS: Definitions = {\n${structs.map(writeDefinition).join("\n")}\n};`,
  ].join("\n\n");
  return format(text, { ...(await resolveConfig(join(root, OUTPUT))), parser: "typescript" });
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  writeFileSync(OUTPUT, await generateMessages("."));
}
