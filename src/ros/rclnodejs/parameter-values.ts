/** Parameter values between rcl_interfaces messages and ours. */
import { expected } from "../../core/errors.ts";
import type { ParameterType } from "../parameter-descriptors.ts";
import type { ParameterValue } from "../parameters.ts";
import type { Plain } from "./library.ts";

/** rcl_interfaces/msg/ParameterType: its number, and the field of ParameterValue that holds such a value. */
const TYPES = {
  bool: [1, "bool_value"],
  integer: [2, "integer_value"],
  double: [3, "double_value"],
  string: [4, "string_value"],
  bool_array: [6, "bool_array_value"],
  integer_array: [7, "integer_array_value"],
  double_array: [8, "double_array_value"],
  string_array: [9, "string_array_value"],
} as const satisfies Readonly<Record<ParameterType, readonly [number, string]>>;

/** The type of a parameter that is not there. */
export const NOT_SET = 0;
const BYTE_ARRAY = 5;

const BY_NUMBER = new Map(
  Object.entries(TYPES).map(([name, [number]]) => [number as number, name as ParameterType]),
);

/** Every field of a ParameterValue, empty: rclnodejs sends no message with fields missing. */
const EMPTY = {
  type: NOT_SET,
  bool_value: false,
  integer_value: 0n,
  double_value: 0,
  string_value: "",
  byte_array_value: [],
  bool_array_value: [],
  integer_array_value: [],
  double_array_value: [],
  string_array_value: [],
} as const;

export function typeNumber(type: ParameterType): number {
  return TYPES[type][0];
}

/** The type with this number; undefined for none (NOT_SET) and for byte arrays, which no parameter of ours is. */
export function typeOfNumber(number: number): ParameterType | undefined {
  return BY_NUMBER.get(number);
}

/** The message for a value of a parameter of `type`; undefined stands for one that is not set. */
export function toParameterValue(type: ParameterType | undefined, value: ParameterValue | undefined): Plain {
  if (type === undefined || value === undefined) return EMPTY;
  const [number, field] = TYPES[type];
  return { ...EMPTY, type: number, [field]: outgoing(type, value) };
}

/** rclnodejs sends 64-bit integers only as bigint, alone and in lists. */
function outgoing(type: ParameterType, value: ParameterValue): unknown {
  if (type === "integer") return BigInt(value as number);
  return type === "integer_array" ? (value as readonly number[]).map(BigInt) : value;
}

/** The value in a message; undefined when none is set. */
export function fromParameterValue(message: Plain): ParameterValue | undefined {
  if (message["type"] === BYTE_ARRAY) return Array.from(message["byte_array_value"] as ArrayLike<number>);
  const type = typeOfNumber(message["type"] as number);
  if (type === undefined) return undefined;
  const value = message[TYPES[type][1]];
  if (type === "integer") return Number(value);
  if (type === "integer_array") return Array.from(value as ArrayLike<number | bigint>, Number);
  if (type === "double_array") return Array.from(value as ArrayLike<number>);
  return value as ParameterValue;
}

/**
 * The message for `value` as a parameter of `type` where that is known, so that 5 can be given to a double; else as
 * what the value itself is.
 * @throws AutofocusError `invalid_parameter` for what no ROS parameter can hold.
 */
export function anyParameterValue(name: string, value: unknown, type: ParameterType | undefined): Plain {
  const own = typeOf(value);
  if (own === undefined)
    throw expected("invalid_parameter", "a boolean, number, text or a list of one of them", name, value);
  const widened =
    (own === "integer" && type === "double") || (own === "integer_array" && type === "double_array")
      ? type
      : own;
  const emptyList = Array.isArray(value) && value.length === 0 && type?.endsWith("_array") === true;
  return toParameterValue(emptyList ? type : widened, value as ParameterValue);
}

function typeOf(value: unknown): ParameterType | undefined {
  if (Array.isArray(value)) {
    const types = new Set(value.map(typeOf));
    if (types.size === 0) return "string_array";
    if (types.size === 1) return arrayOf([...types][0]);
    return types.size === 2 && types.has("integer") && types.has("double") ? "double_array" : undefined;
  }
  if (typeof value === "number") return Number.isSafeInteger(value) ? "integer" : "double";
  if (typeof value === "boolean") return "bool";
  return typeof value === "string" ? "string" : undefined;
}

function arrayOf(type: ParameterType | undefined): ParameterType | undefined {
  return type === "bool" || type === "integer" || type === "double" || type === "string"
    ? `${type}_array`
    : undefined;
}
