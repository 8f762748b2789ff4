import { expect } from "chai";
import { essential } from "../../../src/cli/doctor/check.ts";
import { isAtLeast } from "../../../src/cli/doctor/checks.ts";
import { AutofocusError } from "../../../src/core/errors.ts";

describe("doctor", () => {
  for (const [version, enough] of [
    ["20.20.2", true],
    ["20.20.1", false],
    ["20.21.0", true],
    ["22.0.0", true],
    ["18.99.99", false],
  ] as const) {
    it(`calls Node.js ${version} ${enough ? "new enough" : "too old"}`, () => {
      expect(isAtLeast(version, [20, 20, 2])).to.equal(enough);
    });
  }

  it("reports a failing check as broken, with its cure", async () => {
    const finding = await essential("x", () => {
      throw new AutofocusError("model_missing", "No model.", { cure: "Train one." });
    });
    expect(finding).to.deep.equal({ name: "x", status: "broken", detail: "No model.", cure: "Train one." });
  });
});
