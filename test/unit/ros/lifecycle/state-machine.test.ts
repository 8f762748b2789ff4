/** Against a table written from the design article (https://design.ros2.org/articles/node_lifecycle.html) and lifecycle_msgs. */
import { expect } from "chai";
import fc from "fast-check";
import {
  concluding,
  isPrimary,
  requested,
  STATES,
  TRANSITIONS,
  transitionsFrom,
  type LifecycleState,
  type Outcome,
} from "../../../../src/ros/lifecycle/state-machine.ts";

/** What may be asked for in each primary state: label, number, and where success, failure and an error lead. */
const ARTICLE: Readonly<
  Record<string, readonly (readonly [string, number, string, readonly [string, string, string]])[]>
> = {
  unconfigured: [
    ["configure", 1, "configuring", ["inactive", "unconfigured", "errorprocessing"]],
    ["shutdown", 5, "shuttingdown", ["finalized", "finalized", "errorprocessing"]],
  ],
  inactive: [
    ["cleanup", 2, "cleaningup", ["unconfigured", "inactive", "errorprocessing"]],
    ["activate", 3, "activating", ["active", "inactive", "errorprocessing"]],
    ["shutdown", 6, "shuttingdown", ["finalized", "finalized", "errorprocessing"]],
  ],
  active: [
    ["deactivate", 4, "deactivating", ["inactive", "active", "errorprocessing"]],
    ["shutdown", 7, "shuttingdown", ["finalized", "finalized", "errorprocessing"]],
  ],
  finalized: [],
  unknown: [],
};

const OUTCOMES: readonly Outcome[] = ["success", "failure", "error"];
const state = fc.constantFrom(...(Object.keys(STATES) as LifecycleState[]));

describe("the states of a managed node", () => {
  it("are those of the article, with the numbers of lifecycle_msgs", () => {
    for (const [start, allowed] of Object.entries(ARTICLE)) {
      expect(
        transitionsFrom(start as LifecycleState).map(({ label, id, goal }) => [label, id, goal]),
        start,
      ).to.have.deep.members(allowed.map(([label, id, goal]) => [label, id, goal]));
      for (const [label, , during, ends] of allowed)
        expect(
          OUTCOMES.map((outcome) => concluding(during as LifecycleState, outcome)?.goal),
          `${start}: ${label}`,
        ).to.deep.equal(ends);
    }
    expect(OUTCOMES.map((outcome) => concluding("errorprocessing", outcome)?.goal)).to.deep.equal([
      "unconfigured",
      "finalized",
      "finalized",
    ]);
  });

  it("number the outcomes of a transition from ten times its own number on", () => {
    const base = {
      configuring: 10,
      cleaningup: 20,
      activating: 30,
      deactivating: 40,
      shuttingdown: 50,
      errorprocessing: 60,
    };
    for (const [during, first] of Object.entries(base))
      expect(OUTCOMES.map((outcome) => concluding(during as LifecycleState, outcome)?.id)).to.deep.equal([
        first,
        first + 1,
        first + 2,
      ]);
    expect(new Set(TRANSITIONS.map(({ id }) => id)).size).to.equal(TRANSITIONS.length);
  });

  it("are left only as the article says, whatever is asked for and however that ends", () => {
    const wish = fc.record({
      id: fc.integer({ min: 0, max: 255 }),
      label: fc.constantFrom("", "", "configure", "cleanup", "activate", "deactivate", "shutdown", "fly"),
      outcome: fc.constantFrom(0, 1, 2),
    });
    fc.assert(
      fc.property(fc.array(wish, { maxLength: 30 }), (wishes) => {
        let now: LifecycleState = "unconfigured";
        for (const { id, label, outcome } of wishes) {
          const allowed = (ARTICLE[now] ?? []).find(([name, number]) =>
            label === "" ? number === id : name === label,
          );
          const transition = requested(now, { id, label });
          expect(transition?.id).to.equal(allowed?.[1]);
          if (transition === undefined || allowed === undefined) continue;
          const end = concluding(transition.goal, OUTCOMES[outcome]!);
          expect(end?.goal).to.equal(allowed[3][outcome]);
          now = end!.goal === "errorprocessing" ? concluding("errorprocessing", "success")!.goal : end!.goal;
        }
      }),
    );
  });

  it("let nobody ask for anything during a transition, nor for how one ends", () => {
    fc.assert(
      fc.property(state, fc.integer({ min: 0, max: 255 }), (start, id) => {
        if (!isPrimary(start) || id >= 10) expect(requested(start, { id, label: "" })).to.equal(undefined);
      }),
    );
  });
});
