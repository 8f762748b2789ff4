/**
 * Structs on their way to and from rclnodejs. It publishes typed-array views wrongly (their offset into the buffer is
 * ignored), so views are copied; what it hands out is brought to the array types that port.ts promises.
 */
import { DEFINITIONS } from "../messages.ts";
import { typedArrayOf } from "../message.ts";
import type { Plain } from "./library.ts";

/** A checked struct, safe to hand to rclnodejs. */
export function toRclnodejs(struct: object): Plain {
  return mapValues(struct as Plain, outgoing);
}

function outgoing(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return wholeBuffer(value);
  if (Array.isArray(value)) return value.map(outgoing);
  return typeof value === "object" && value !== null ? toRclnodejs(value) : value;
}

/** The array itself where it spans its buffer, else a copy that does. */
function wholeBuffer(view: ArrayBufferView): ArrayBufferView {
  if (view.byteOffset === 0 && view.byteLength === view.buffer.byteLength) return view;
  const { constructor } = view as unknown as {
    constructor: new (buffer: ArrayBufferLike) => ArrayBufferView;
  };
  return new constructor(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
}

/** What rclnodejs handed out for the definition `key`, as port.ts promises it. */
export function fromRclnodejs(key: string, plain: Plain): Plain {
  const struct: Record<string, unknown> = {};
  for (const { name, type, complex, array } of DEFINITIONS[key] ?? []) {
    const value = plain[name];
    if (complex === true)
      struct[name] =
        array === true
          ? (value as readonly Plain[]).map((each) => fromRclnodejs(type, each))
          : fromRclnodejs(type, value as Plain);
    else struct[name] = array === true ? incomingArray(type, value as ArrayLike<unknown>) : value;
  }
  return struct;
}

function incomingArray(type: string, value: ArrayLike<unknown>): unknown {
  const Typed = typedArrayOf(type);
  if (Typed === undefined || value instanceof Typed) return value;
  const typed = new Typed(value.length);
  (typed as unknown as { set(from: ArrayLike<unknown>): void }).set(value);
  return typed;
}

function mapValues(struct: Plain, map: (value: unknown) => unknown): Plain {
  return Object.fromEntries(Object.entries(struct).map(([name, value]) => [name, map(value)]));
}
