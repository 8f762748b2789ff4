import { expect } from "chai";
import fc from "fast-check";
import type { FieldDefinition } from "../../../src/ros/definition.ts";
import { complete, definitionKey, newMessage, validate } from "../../../src/ros/message.ts";
import { DEFINITIONS } from "../../../src/ros/messages.ts";

const KEYS = Object.keys(DEFINITIONS);

/** Values that fit a field. */
function fits(field: FieldDefinition): fc.Arbitrary<unknown> {
  const one = fitsOne(field);
  if (field.array !== true) return one;
  const size =
    field.length === undefined ? { maxLength: 4 } : { minLength: field.length, maxLength: field.length };
  return fc.array(one, size).map((values) => typed(field, values));
}

function typed({ type, complex }: FieldDefinition, values: unknown[]): unknown {
  if (complex === true) return values;
  const numbers = values as number[];
  const made: Record<string, () => unknown> = {
    uint8: () => Uint8Array.from(numbers),
    int8: () => Int8Array.from(numbers),
    float32: () => Float32Array.from(numbers),
    float64: () => Float64Array.from(numbers),
  };
  return made[type]?.() ?? values;
}

function fitsOne({ type, complex }: FieldDefinition): fc.Arbitrary<unknown> {
  if (complex === true) return struct(type);
  const integers: Record<string, [number, number]> = {
    uint8: [0, 255],
    int8: [-128, 127],
    uint16: [0, 65535],
    uint32: [0, 4294967295],
    int32: [-2147483648, 2147483647],
  };
  const range = integers[type];
  if (range !== undefined) return fc.integer({ min: range[0], max: range[1] });
  if (type === "uint64") return fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
  if (type === "int64") return fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
  if (type.startsWith("float")) return fc.double();
  return type === "bool" ? fc.boolean() : fc.string();
}

function struct(key: string): fc.Arbitrary<Record<string, unknown>> {
  const fields = DEFINITIONS[key] ?? [];
  return fc.record(Object.fromEntries(fields.map((field) => [field.name, fits(field)])));
}

/** A message of some type that fits. */
const fitting = fc.constantFrom(...KEYS).chain((key) => struct(key).map((message) => ({ key, message })));

const code = (work: () => unknown): string | undefined => {
  try {
    work();
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
  return undefined;
};

describe("messages", () => {
  it("takes every message that fits its definition", () => {
    fc.assert(fc.property(fitting, ({ key, message }) => validate(key, message)));
  });

  it("completes every part of a message to one that fits, keeping what was given", () => {
    const partial = fitting.chain(({ key, message }) =>
      fc.subarray(Object.keys(message)).map((kept) => ({
        key,
        init: Object.fromEntries(kept.map((name) => [name, message[name]])),
      })),
    );
    fc.assert(
      fc.property(partial, ({ key, init }) => {
        const completed = complete(key, init);
        validate(key, completed);
        expect(completed).to.deep.include(init);
      }),
    );
  });

  it("refuses a message that lacks a field, has one too many, or one of the wrong kind, and names it", () => {
    const broken = fitting
      .filter(({ message }) => Object.keys(message).length > 0)
      .chain(({ key, message }) =>
        fc
          .tuple(fc.constantFrom(...Object.keys(message)), fc.constantFrom("drop", "add", "null", "object"))
          .map(([name, how]) => ({ key, message, name, how })),
      );
    fc.assert(
      fc.property(broken, ({ key, message, name, how }) => {
        const changed: Record<string, unknown> = { ...message };
        if (how === "drop") Reflect.deleteProperty(changed, name);
        else if (how === "add") changed["surplus"] = 1;
        else changed[name] = how === "null" ? null : { unheard_of: 1 };
        expect(() => validate(key, changed)).to.throw(how === "add" ? "surplus" : name);
        expect(code(() => validate(key, changed))).to.equal("invalid_input");
      }),
    );
  });

  it("survives anything at all, with a typed error or none", () => {
    fc.assert(
      fc.property(fc.constantFrom(...KEYS), fc.anything(), (key, anything) => {
        expect(code(() => validate(key, anything))).to.be.oneOf([undefined, "invalid_input"]);
      }),
    );
  });

  it("checks ranges, lengths and typed arrays", () => {
    const image = newMessage("sensor_msgs/msg/Image");
    const wrong: Record<string, unknown>[] = [
      { height: -1 },
      { height: 1.5 },
      { width: 4294967296 },
      { width: NaN },
      { is_bigendian: 256 },
      { data: [1, 2, 3] },
      { data: new Int8Array(3) },
      { encoding: 7 },
      { header: { stamp: { sec: 2 ** 31, nanosec: 0 }, frame_id: "" } },
    ];
    for (const fields of wrong)
      expect(
        code(() => validate("sensor_msgs/Image", { ...image, ...fields })),
        JSON.stringify(fields),
      ).to.equal("invalid_input");
    const info = { ...newMessage("sensor_msgs/msg/CameraInfo"), k: new Float64Array(8) };
    expect(() => validate("sensor_msgs/CameraInfo", info)).to.throw(/CameraInfo\.k .*8/);
    expect(() => validate("nobody/Knows", {})).to.throw(/known type/);
  });

  it("names parts of services and actions", () => {
    expect(definitionKey("sensor_msgs/msg/Image")).to.equal("sensor_msgs/Image");
    expect(definitionKey("intelligent_autofocus/action/Focus", "Goal")).to.equal(
      "intelligent_autofocus/Focus_Goal",
    );
  });
});
