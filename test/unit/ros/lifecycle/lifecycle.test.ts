import { expect } from "chai";
import { AutofocusError } from "../../../../src/core/errors.ts";
import { Lifecycle } from "../../../../src/ros/lifecycle/lifecycle.ts";
import type { Command } from "../../../../src/ros/lifecycle/state-machine.ts";

describe("a managed life", () => {
  let done: string[];
  let problems: string[];
  let failing: Partial<Record<Command | "recover", Error>>;
  let life: Lifecycle;

  beforeEach(() => {
    done = [];
    problems = [];
    failing = {};
    const work = (name: Command | "recover") => (): Promise<void> => {
      done.push(name);
      return failing[name] === undefined ? Promise.resolve() : Promise.reject(failing[name]);
    };
    life = new Lifecycle({
      configure: work("configure"),
      cleanup: work("cleanup"),
      activate: work("activate"),
      deactivate: work("deactivate"),
      shutdown: work("shutdown"),
      recover: work("recover"),
      onProblem: (command, error) => problems.push(`${command}: ${(error as Error).message}`),
    });
  });

  it("goes through all its states, and tells of every step", async () => {
    const steps: string[] = [];
    life.transitions$.subscribe(({ start, goal }) => steps.push(`${start} ${goal}`));
    for (const command of ["configure", "activate", "deactivate", "cleanup", "shutdown"] as const)
      expect(await life.command(command)).to.equal(true);
    expect(steps).to.deep.equal([
      "unconfigured configuring",
      "configuring inactive",
      "inactive activating",
      "activating active",
      "active deactivating",
      "deactivating inactive",
      "inactive cleaningup",
      "cleaningup unconfigured",
      "unconfigured shuttingdown",
      "shuttingdown finalized",
    ]);
  });

  it("does nothing that its state does not allow", async () => {
    expect(await life.command("activate")).to.equal(false);
    expect(await life.request({ id: 4, label: "" })).to.equal(false);
    expect(done).to.deep.equal([]);
    expect(await life.request({ id: 1, label: "" })).to.equal(true);
  });

  it("stays where it was when something cannot be done now", async () => {
    await life.command("configure");
    failing = { activate: new AutofocusError("camera_open_failed", "no camera") };
    expect(await life.command("activate")).to.equal(false);
    expect(life.state).to.equal("inactive");
    expect(problems).to.deep.equal(["activate: no camera"]);
    failing = {};
    expect(await life.command("activate")).to.equal(true);
  });

  it("lets go of everything after an error, and ends where that fails too", async () => {
    failing = { configure: new TypeError("a mistake") };
    expect(await life.command("configure")).to.equal(false);
    expect([life.state, ...done]).to.deep.equal(["unconfigured", "configure", "recover"]);
    failing = { configure: new TypeError("a mistake"), recover: new Error("stuck") };
    await life.command("configure");
    expect(life.state).to.equal("finalized");
  });

  it("makes one transition at a time, and ends after the one that goes on", async () => {
    const configuring = life.command("configure");
    expect(life.state).to.equal("configuring");
    expect(await life.command("shutdown")).to.equal(false);
    const end = life.end();
    expect(await configuring).to.equal(true);
    await end;
    expect([life.state, ...done]).to.deep.equal(["finalized", "configure", "shutdown"]);
  });

  it("gives an end that goes wrong a second try, and no third", async () => {
    failing = { shutdown: new TypeError("a mistake") };
    await life.end();
    expect(done).to.deep.equal(["shutdown", "recover", "shutdown", "recover"]);
  });
});
