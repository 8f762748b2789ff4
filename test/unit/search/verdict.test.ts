/** What counts as success. */
import { expect } from "chai";
import { failed, focused } from "../../../src/algorithms/search/outcome.ts";
import {
  BY_CONTRAST,
  judgePeak,
  judgeUnread,
  LIKELY,
  REFUTED,
} from "../../../src/algorithms/search/verdict.ts";

const RANGE = { min: 100, max: 200 };
const peak = { ...focused(150, NaN, "The sharpest of 9 positions."), fallback: true };

describe("the verdict on a peak of contrast", () => {
  it("inside the range stands unless the reading refutes it", () => {
    for (const probability of [1, LIKELY, 0.3, REFUTED]) {
      const result = judgePeak(peak, probability, 151, RANGE);
      expect(result).to.include({ outcome: "focused", position: 151, inFocusProbability: probability });
      expect(result.reason).to.match(/sharpest of 9 positions.*in focus with probability/);
    }
    expect(judgePeak(peak, 0.09, 151, RANGE)).to.deep.include({
      outcome: "failed",
      code: "focus_failed",
      inFocusProbability: 0.09,
      fallback: true,
    });
  });

  it("stands against a reading where it is clear and the readings are in doubt, but not at an end of the range", () => {
    const result = judgePeak(peak, 0.01, 151, RANGE, true);
    expect(result).to.include({ outcome: "focused", position: 151, inFocusProbability: BY_CONTRAST });
    expect(result.reason).to.match(/peak is clear/);
    expect(judgePeak(peak, 0.01, 200, RANGE, true).outcome).to.equal("failed");
  });

  it("at an end of the range needs the reading for it", () => {
    for (const end of [100, 100.4, 199.5, 200]) {
      expect(judgePeak(peak, 0.6, end, RANGE).outcome).to.equal("focused");
      const refused = judgePeak(peak, 0.29, end, RANGE);
      expect(refused).to.include({ outcome: "failed", code: "focus_failed", position: end });
      expect(refused.reason).to.match(/an end of the range.*0\.29/);
    }
  });

  it("stands where nothing could be read", () => {
    expect(judgePeak(peak, NaN, 150, RANGE)).to.deep.equal(peak);
  });

  it("that nothing was read at has to be clear, and inside the range", () => {
    const of = (...values: number[]): Map<number, number> => new Map(values.entries());
    const clear = of(1, 2.1, 1.5);
    expect(judgeUnread(peak, 151, RANGE, clear)).to.deep.equal({ ...peak, position: 151 });
    for (const refused of [
      judgeUnread(peak, 151, RANGE, of(1, 1.9)),
      judgeUnread(peak, 100, RANGE, clear),
      judgeUnread(peak, 151, RANGE, of()),
    ]) {
      expect(refused).to.include({ outcome: "failed", code: "no_texture", fallback: true });
      expect(refused.reason).to.match(/sharpest of 9 positions.*no clear peak/);
    }
    const failure = failed("limit_reached", 150, "Out of captures.");
    expect(judgeUnread(failure, 150, RANGE, clear)).to.deep.equal(failure);
  });

  it("does not make a success of a failure", () => {
    const failure = failed("no_texture", 150, "No peak.");
    expect(judgePeak(failure, 1, 150, RANGE)).to.deep.equal(failure);
  });
});
