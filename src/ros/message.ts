/** Making messages complete and checking them against their definitions, whoever made them. */
import { expected, type AutofocusError } from "../core/errors.ts";
import type { FieldDefinition } from "./definition.ts";
import { DEFINITIONS, type MessageTypes } from "./messages.ts";
import type { Init, MessageType } from "./port.ts";

type Struct = Readonly<Record<string, unknown>>;
type TypedArray = ArrayLike<unknown> & ArrayBufferView;
type TypedArrayConstructor = new (length: number) => TypedArray;

/** Whole numbers by type: least and greatest value. */
const INTEGERS: Readonly<Record<string, readonly [number, number]>> = {
  byte: [0, 255],
  char: [0, 255],
  uint8: [0, 255],
  int8: [-128, 127],
  uint16: [0, 65535],
  int16: [-32768, 32767],
  uint32: [0, 4294967295],
  int32: [-2147483648, 2147483647],
};

const ARRAYS: Readonly<Record<string, TypedArrayConstructor>> = {
  byte: Uint8Array,
  char: Uint8Array,
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  uint32: Uint32Array,
  int32: Int32Array,
  uint64: BigUint64Array,
  int64: BigInt64Array,
  float32: Float32Array,
  float64: Float64Array,
};

/** The typed array that holds an array of `type`, or undefined where a plain array does. */
export function typedArrayOf(type: string): TypedArrayConstructor | undefined {
  return ARRAYS[type];
}

/** `sensor_msgs/msg/Image` is defined under `sensor_msgs/Image`, parts of an action under `package/Focus_Goal`. */
export function definitionKey(
  type: string,
  part?: "Request" | "Response" | "Goal" | "Result" | "Feedback",
): string {
  return type.replace(/\/(msg|srv|action)\//, "/") + (part === undefined ? "" : `_${part}`);
}

/** A message of `type` with the fields given, and the defaults for the others. */
export function newMessage<M extends MessageType>(
  type: M,
  init: Init<MessageTypes[M]> = {},
): MessageTypes[M] {
  return complete(definitionKey(type), init) as MessageTypes[M];
}

/** A struct of the definition `key` with the fields given and defaults for the others. Unknown fields stay, for `validate`. */
export function complete(key: string, init: object): Struct {
  const message: Record<string, unknown> = { ...init };
  const given = init as Struct;
  for (const field of fieldsOf(key)) {
    const value = given[field.name];
    if (value === undefined) message[field.name] = defaultOf(field);
    else if (field.complex === true) message[field.name] = completeField(field, value);
  }
  return message;
}

function completeField(field: FieldDefinition, value: unknown): unknown {
  const one = (each: unknown): unknown => (isStruct(each) ? complete(field.type, each) : each);
  return field.array === true && Array.isArray(value) ? value.map(one) : one(value);
}

function defaultOf(field: FieldDefinition): unknown {
  const { type, complex, array, length = 0 } = field;
  if (array === true) {
    const given = (field.default ?? []) as readonly unknown[];
    const size = Math.max(length, given.length);
    const Typed = ARRAYS[type];
    if (complex !== true && Typed !== undefined) {
      const values = new Typed(size);
      (values as unknown as { set(from: readonly unknown[]): void }).set(given);
      return values;
    }
    return Array.from({ length: size }, (_, index) => given[index] ?? scalarDefault(field));
  }
  return field.default ?? scalarDefault(field);
}

function scalarDefault({ type, complex }: FieldDefinition): unknown {
  if (complex === true) return complete(type, {});
  if (type === "bool") return false;
  if (type === "string" || type === "wstring") return "";
  return type === "int64" || type === "uint64" ? 0n : 0;
}

/**
 * Checks a struct against its definition: every field there, of its type, in its range, and no other field.
 * @throws AutofocusError `invalid_input` naming the field, `invalid_input` for an unknown type.
 */
export function validate(key: string, message: unknown): void {
  validateStruct(key, message, key);
}

function validateStruct(key: string, message: unknown, path: string): void {
  if (!isStruct(message)) throw wrong(`a ${key}`, path, message);
  const fields = fieldsOf(key);
  for (const field of fields) validateField(field, message[field.name], `${path}.${field.name}`);
  if (Object.keys(message).length > fields.length) {
    const names = new Set(fields.map(({ name }) => name));
    const extra = Object.keys(message).find((name) => !names.has(name));
    throw wrong(`no field ${JSON.stringify(extra)}`, path, message);
  }
}

function validateField(field: FieldDefinition, value: unknown, path: string): void {
  if (field.array !== true) {
    validateScalar(field, value, path);
    return;
  }
  const Typed = field.complex === true ? undefined : ARRAYS[field.type];
  if (Typed !== undefined ? !(value instanceof Typed) : !Array.isArray(value))
    throw wrong(Typed === undefined ? "an array" : `a ${Typed.name}`, path, value);
  const list = value as ArrayLike<unknown>;
  if (field.length !== undefined && list.length !== field.length)
    throw wrong(`${field.length} elements`, path, list.length);
  if (field.most !== undefined && list.length > field.most)
    throw wrong(`at most ${field.most} elements`, path, list.length);
  if (Typed === undefined)
    for (let index = 0; index < list.length; index++) validateScalar(field, list[index], `${path}[${index}]`);
}

function validateScalar(field: FieldDefinition, value: unknown, path: string): void {
  const { type } = field;
  if (field.complex === true) {
    validateStruct(type, value, path);
    return;
  }
  const range = INTEGERS[type];
  if (range !== undefined) {
    if (!Number.isInteger(value) || (value as number) < range[0] || (value as number) > range[1])
      throw wrong(`a whole number from ${range[0]} to ${range[1]}`, path, value);
  } else if (type === "int64" || type === "uint64") {
    const wrapped = (each: bigint): bigint =>
      type === "int64" ? BigInt.asIntN(64, each) : BigInt.asUintN(64, each);
    const fits = typeof value === "bigint" && wrapped(value) === value;
    if (!fits) throw wrong(`a bigint that fits ${type}`, path, value);
  } else {
    const wanted = type === "bool" ? "boolean" : type.startsWith("float") ? "number" : "string";
    if (typeof value !== wanted) throw wrong(`a ${wanted}`, path, value);
  }
}

function fieldsOf(key: string): readonly FieldDefinition[] {
  const fields = DEFINITIONS[key];
  if (fields === undefined) throw wrong("a known type", "type", key);
  return fields;
}

function isStruct(value: unknown): value is Struct {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}

function wrong(what: string, path: string, received: unknown): AutofocusError {
  return expected("invalid_input", what, path, received);
}
