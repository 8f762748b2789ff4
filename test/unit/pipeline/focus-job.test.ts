import { expect } from "chai";
import * as fc from "fast-check";
import { AutofocusError } from "../../../src/core/errors.ts";
import { focusJob, windowsIn, windowsOf, type FocusDefaults } from "../../../src/pipeline/focus-job.ts";
import { FocusGoalMsg, type RegionOfInterestMsg } from "../../../src/ros/messages.ts";
import { linearLens } from "../../support/linear-lens.ts";

const DEFAULTS: FocusDefaults = {
  search: "",
  focusMeasure: "tenengrad",
  windows: [],
  windowPolicy: "merge",
  maxCaptures: 50,
  timeout: 30_000,
  depthOfField: 0,
};

const EMPTY: FocusGoalMsg = {
  search: "",
  windows: [],
  window_policy: FocusGoalMsg.WINDOWS_DEFAULT,
  range_min: 0,
  range_max: 0,
  speed: FocusGoalMsg.SPEED_NORMAL,
  max_captures: 0,
  timeout: 0,
};

const REACH = { min: 100, max: 900 };

describe("the job of a focus goal", () => {
  const lens = linearLens();
  const job = (goal: Partial<FocusGoalMsg> = {}, defaults: Partial<FocusDefaults> = {}, model = true) =>
    focusJob({ ...EMPTY, ...goal }, { ...DEFAULTS, ...defaults }, REACH, model ? lens : undefined);

  it("takes the parameters for an empty goal, and learned where there is a lens model", () => {
    expect(job()).to.include({ search: "learned", maxCaptures: 50, timeout: 30_000, confirm: true });
    expect(job().range).to.deep.equal(REACH);
    expect(job().depthOfField(500)).to.equal(20);
    expect(job({}, {}, false)).to.include({ search: "coarse-fine" });
    expect(job({}, {}, false).depthOfField(500)).to.equal(16);
    expect(job({}, { depthOfField: 7 }).depthOfField(500)).to.equal(7);
    expect(job({}, { search: "fibonacci" })).to.include({ search: "fibonacci" });
  });

  it("takes what the goal says over the parameters", () => {
    const goal = {
      search: "hill-climbing",
      range_min: 50,
      range_max: 400,
      max_captures: 3,
      timeout: 2,
      speed: 1,
    };
    const made = job(goal);
    expect(made).to.include({ search: "hill-climbing", maxCaptures: 3, timeout: 2000, confirm: false });
    expect(made.range).to.deep.equal({ min: 100, max: 400 });
  });

  it("clips windows to the frame; a window of no size is the whole frame; none is the central half", () => {
    const frame = { width: 2000, height: 1500 };
    expect(windowsIn(job(), frame)).to.deep.equal([{ x: 500, y: 375, width: 1000, height: 750 }]);
    expect(windowsIn(job({}, { windows: [1900, 0, 300, 300] }), frame)).to.deep.equal([
      { x: 1900, y: 0, width: 100, height: 300 },
    ]);
    expect(windowsIn(job({}, { windows: [0, 0, 0, 0] }), frame)).to.deep.equal([{ x: 0, y: 0, ...frame }]);
    expect(() => windowsIn(job({}, { windows: [5000, 0, 10, 10] }), frame)).to.throw(
      /outside the 2000x1500 frame/,
    );
    expect(() => windowsOf([1, 2, 3])).to.throw(/x, y, width, height/);
  });

  it("makes a job of any goal or says invalid_input, and never leaves the range", () => {
    const any = fc.oneof(fc.double(), fc.integer({ min: -2000, max: 2000 }));
    const window: fc.Arbitrary<RegionOfInterestMsg> = fc.record({
      x_offset: fc.nat(5000),
      y_offset: fc.nat(5000),
      width: fc.nat(5000),
      height: fc.nat(5000),
      do_rectify: fc.boolean(),
    });
    const goals = fc.record({
      search: fc.oneof(fc.constantFrom("", "learned", "paper", "curve-fit"), fc.string()),
      windows: fc.array(window, { maxLength: 3 }),
      window_policy: fc.nat(5),
      range_min: any,
      range_max: any,
      speed: fc.nat(3),
      max_captures: fc.nat(),
      timeout: any,
    });
    fc.assert(
      fc.property(goals, (goal) => {
        try {
          const { range, timeout, maxCaptures } = focusJob(goal, DEFAULTS, REACH, lens);
          expect(range.min).to.be.within(REACH.min, range.max);
          expect(range.max).to.be.within(range.min, REACH.max);
          expect(timeout).to.be.greaterThan(0);
          expect(maxCaptures).to.be.greaterThan(0);
        } catch (error) {
          expect(error).to.be.instanceOf(AutofocusError);
          expect(error).to.have.property("code", "invalid_input");
        }
      }),
    );
  });
});
