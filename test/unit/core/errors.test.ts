import { expect } from "chai";
import { AutofocusError, ERROR_CODES, expected, toAutofocusError } from "../../../src/core/errors.ts";

describe("AutofocusError", () => {
  it("has one number per code, zero only for success", () => {
    const numbers = Object.values(ERROR_CODES);
    expect(new Set(numbers).size).to.equal(numbers.length);
    expect(ERROR_CODES.none).to.equal(0);
    expect(numbers.every((number) => number >= 0 && number < 2 ** 16)).to.equal(true);
  });

  it("carries number, cure and cause", () => {
    const cause = new Error("ENOENT");
    const error = new AutofocusError("model_missing", "No model.", { cure: "Run training.", cause });
    expect(error.number).to.equal(ERROR_CODES.model_missing);
    expect(error.summary).to.equal("No model. Run training.");
    expect(error.cause).to.equal(cause);
  });
});

describe("expected", () => {
  for (const [received, shown] of [
    ["text", '"text"'],
    ["x".repeat(100), `"${"x".repeat(57)}..."`],
    [NaN, "NaN"],
    [undefined, "undefined"],
    [[1, 2], "an array of 2"],
    [new Map(), "a Map"],
    [Object.create(null), "an object"],
    [Symbol("s"), "a symbol"],
  ] as const) {
    it(`shows ${shown}`, () => {
      const error = expected("invalid_input", "a number", "gain", received);
      expect(error.message).to.equal(`Expected a number for gain but received ${shown}.`);
    });
  }
});

describe("toAutofocusError", () => {
  it("leaves an AutofocusError as it is", () => {
    const error = new AutofocusError("timeout", "Too late.");
    expect(toAutofocusError(error, "io")).to.equal(error);
  });

  it("wraps foreign errors and keeps them as the cause", () => {
    const foreign = new TypeError("not a function");
    const error = toAutofocusError(foreign);
    expect(error).to.include({ code: "internal", message: "not a function", cause: foreign });
  });

  it("wraps thrown values that are no errors", () => {
    expect(toAutofocusError("boom", "io")).to.include({ code: "io", message: '"boom"' });
  });
});
