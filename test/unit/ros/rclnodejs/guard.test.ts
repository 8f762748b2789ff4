import { expect } from "chai";
import { guarded } from "../../../../src/ros/rclnodejs/guard.ts";
import type { Log } from "../../../../src/ros/port.ts";

describe("a guarded callback", () => {
  const logged: string[] = [];
  const error = (line: string): void => void logged.push(line.split("\n")[0] ?? "");
  const log = { error } as unknown as Log;
  beforeEach(() => (logged.length = 0));

  it("logs what is thrown and what is rejected with", async () => {
    guarded(log, "One", () => {
      throw new Error("broken");
    })();
    guarded(log, "Two", () => Promise.reject(new Error("late")))();
    await new Promise((resolve) => setImmediate(resolve));
    expect(logged).to.deep.equal(["One failed: Error: broken", "Two failed: Error: late"]);
  });

  it("may return anything, as a callback of type void may", () => {
    const list: number[] = [];
    guarded(log, "Pushing", (value: number) => list.push(value) as unknown as undefined)(7);
    expect([list, logged]).to.deep.equal([[7], []]);
  });
});
