import { expect } from "chai";
import { AutofocusError } from "../../../../src/core/errors.ts";
import {
  anyParameterValue,
  fromParameterValue,
  toParameterValue,
  typeOfNumber,
} from "../../../../src/ros/rclnodejs/parameter-values.ts";

const typeOf = (message: Readonly<Record<string, unknown>>) => typeOfNumber(message["type"] as number);

describe("parameter values of rcl_interfaces", () => {
  const values = [
    ["bool", true],
    ["integer", -5],
    ["double", 0.5],
    ["string", "learned"],
    ["bool_array", [true, false]],
    ["integer_array", [1, -2]],
    ["double_array", [0.5, 2]],
    ["string_array", ["a", ""]],
  ] as const;
  for (const [type, value] of values)
    it(`carries a ${type} there and back`, () => {
      const message = toParameterValue(type, value);
      expect(typeOf(message)).to.equal(type);
      expect(fromParameterValue(message)).to.deep.equal(value);
    });

  it("sends integers as bigint, as rclnodejs wants them", () => {
    expect(toParameterValue("integer", 7)["integer_value"]).to.equal(7n);
    expect(toParameterValue("integer_array", [7, -8])["integer_array_value"]).to.deep.equal([7n, -8n]);
  });

  it("reads typed arrays, and byte arrays as numbers", () => {
    const doubles = { ...toParameterValue("double_array", []), double_array_value: new Float64Array([1.5]) };
    expect(fromParameterValue(doubles)).to.deep.equal([1.5]);
    expect(fromParameterValue({ type: 5, byte_array_value: new Uint8Array([7]) })).to.deep.equal([7]);
  });

  it("tells a parameter that is not set", () => {
    expect(fromParameterValue(toParameterValue("bool", undefined))).to.equal(undefined);
    expect(fromParameterValue(toParameterValue(undefined, 1))).to.equal(undefined);
  });

  it("gives whole numbers to a double parameter as doubles", () => {
    expect(typeOf(anyParameterValue("a", 5, "double"))).to.equal("double");
    expect(typeOf(anyParameterValue("a", [1, 2], "double_array"))).to.equal("double_array");
    expect(typeOf(anyParameterValue("a", [1, 2.5], undefined))).to.equal("double_array");
    expect(typeOf(anyParameterValue("a", 5, undefined))).to.equal("integer");
  });

  it("takes the type of the parameter for an empty list", () => {
    expect(typeOf(anyParameterValue("a", [], "integer_array"))).to.equal("integer_array");
  });

  it("refuses what no parameter can hold", () => {
    for (const value of [null, undefined, {}, ["a", 1], [[1]]])
      expect(() => anyParameterValue("a", value, undefined))
        .to.throw(AutofocusError)
        .with.property("code", "invalid_parameter");
  });
});
