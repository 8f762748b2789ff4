import { expect } from "chai";
import { Subject } from "rxjs";
import { SteppedClock, systemClock, type Clock } from "../../../src/core/clock.ts";
import { AutofocusError, ERROR_CODES } from "../../../src/core/errors.ts";
import type { LensDriver, LensState } from "../../../src/drivers/lens.ts";
import { SimulatedLens } from "../../../src/drivers/simulator/simulated-lens.ts";
import { createMotorDriverNode, type MotorDriverDependencies } from "../../../src/nodes/motor-driver-node.ts";
import type { RunningNode } from "../../../src/nodes/types.ts";
import { EmbeddedGraph } from "../../../src/ros/embedded-graph.ts";
import type { LensStateMsg } from "../../../src/ros/messages.ts";
import { LATCHED_QOS, type ActionClient, type RosNode } from "../../../src/ros/port.ts";
import { fromTime } from "../../../src/ros/time.ts";
import { linearLens } from "../../support/linear-lens.ts";
import { eventually } from "../../support/async.ts";

const MOVE = "intelligent_autofocus/action/MoveLens";
const COMMAND = "intelligent_autofocus/srv/LensCommand";
const RANGE = { min: 1000, max: 2000 };
const quick = (clock: Clock): LensDriver =>
  new SimulatedLens({ range: RANGE, clock, speed: 100_000, settlingTime: 2 });
const slow = (clock: Clock): LensDriver =>
  new SimulatedLens({ range: RANGE, clock, speed: 100, settlingTime: 2 });

/** A lens that opens and then does nothing it is told. */
class DeadLens implements LensDriver {
  readonly #states = new Subject<LensState>();
  readonly state$ = this.#states.asObservable();
  open = (): Promise<void> => {
    const state = { stamp: 1, position: 1500, target: 1500, velocity: 0, moving: false, fault: undefined };
    setImmediate(() => this.#states.next(state));
    return Promise.resolve();
  };
  capabilities = () => ({ ...RANGE, speed: undefined, settlingTime: 0, backlash: 0 });
  moveTo = (): Promise<LensState> => new Promise(() => undefined);
  stop = (): Promise<LensState> => Promise.reject(new Error("dead"));
  home = (): Promise<LensState> => new Promise(() => undefined);
  close = (): Promise<void> => Promise.resolve();
}

describe("motor_driver", () => {
  let graph: EmbeddedGraph;
  let user: RosNode;
  let running: RunningNode;
  let states: LensStateMsg[];
  let move: ActionClient<typeof MOVE>;
  let logged: string[];

  async function start(
    createLens: (clock: Clock) => LensDriver | Promise<LensDriver>,
    parameters: Record<string, unknown> = {},
    clock: Clock = systemClock,
  ): Promise<void> {
    logged = [];
    graph = new EmbeddedGraph({ clock, sink: ({ level, message }) => logged.push(`${level}: ${message}`) });
    user = await graph.createNode("user", { namespace: "/cam" });
    states = [];
    user
      .subscribe("lens/state", "intelligent_autofocus/msg/LensState", LATCHED_QOS)
      .subscribe((state) => states.push(state));
    const node = await graph.createNode("motor_driver", {
      namespace: "/cam",
      parameters: { frame_id: "optical", reopen_period: 0.02, ...parameters },
    });
    const dependencies: MotorDriverDependencies = {
      createLens: (_, nodeClock) => Promise.resolve(createLens(nodeClock)),
      loadModel: () => Promise.resolve({ ...linearLens(), dioptres: (z: number) => z / 1000 }),
    };
    running = createMotorDriverNode(node, dependencies);
    move = user.actionClient("lens/move", MOVE);
  }
  afterEach(() => graph.shutdown());

  const command = (name: "lens/home" | "lens/stop") =>
    user.client(name, COMMAND).call({}, { timeout: 60_000 });

  it("moves, tells how it goes, and says where it stands", async () => {
    await start(quick);
    await running.ready;
    const heard: number[] = [];
    const goal = await move.sendGoal(
      { position: 1200 },
      { onFeedback: ({ state }) => heard.push(state.position) },
    );
    const { status, result } = await goal.outcome;
    expect(status).to.equal("succeeded");
    expect(result).to.include({ error_code: 0, error_msg: "" });
    expect(result.state).to.include({ position: 1200, target: 1200, moving: false, velocity: 0 });
    expect(result.state).to.include({ min_position: 1000, max_position: 2000, fault_code: 0 });
    expect(result.state.header.frame_id).to.equal("optical");
    expect(heard.length).to.be.greaterThan(1);
    expect(states.map(({ moving }) => moving)).to.include.members([true, false]);
    expect(states.at(-1)?.position).to.equal(1200);
  });

  it("moves relative to where it stands", async () => {
    await start(quick);
    await running.ready;
    await (
      await move.sendGoal({ position: 1200 })
    ).outcome;
    const { result } = await (await move.sendGoal({ position: -50, relative: true })).outcome;
    expect(result.state.position).to.equal(1150);
  });

  it("stays where it stands for the empty goal", async () => {
    await start(quick);
    await running.ready;
    const { status, result } = await (await move.sendGoal()).outcome;
    expect(status).to.equal("succeeded");
    expect(result.state.position).to.equal(1500);
  });

  it("refuses positions and timeouts that make no sense, and stays", async () => {
    await start(quick);
    await running.ready;
    const wrong = [
      { position: 999 },
      { position: 2001 },
      { position: NaN },
      { position: Infinity },
      { position: 600, relative: true },
      { position: 1200, timeout: -1 },
      { position: 1200, timeout: NaN },
    ];
    for (const goal of wrong) {
      const { status, result } = await (await move.sendGoal(goal)).outcome;
      expect(status, JSON.stringify(goal)).to.equal("aborted");
      expect(result.error_code).to.equal(ERROR_CODES.invalid_input);
      expect(result.error_msg).to.match(/Expected .* but received/);
      expect(result.state.position).to.equal(1500);
    }
  });

  it("halts when a goal is canceled", async () => {
    await start(slow);
    await running.ready;
    const goal = await move.sendGoal({ position: 2000 });
    await eventually(() => states.some(({ moving }) => moving));
    expect(await goal.cancel()).to.equal(true);
    const { status, result } = await goal.outcome;
    expect(status).to.equal("canceled");
    expect(result.error_code).to.equal(ERROR_CODES.canceled);
    expect(result.state.moving).to.equal(false);
    expect(result.state.position).to.be.within(1500, 1600);
  });

  it("goes straight to a newer goal, whose client gets the lens", async () => {
    // Slow enough that the first goal still runs when the second comes, on a busy machine too.
    await start((clock) => new SimulatedLens({ range: RANGE, clock, speed: 2000, settlingTime: 2 }));
    await running.ready;
    const old = await move.sendGoal({ position: 2000 });
    const young = await move.sendGoal({ position: 1100 });
    const outcomes = await Promise.all([old.outcome, young.outcome]);
    expect(outcomes.map(({ status }) => status)).to.deep.equal(["aborted", "succeeded"]);
    expect(outcomes[0].result.error_code).to.equal(ERROR_CODES.preempted);
    expect(outcomes[1].result.state.position).to.equal(1100);
  });

  it("halts what a refused goal preempted", async () => {
    await start(slow);
    await running.ready;
    await move.sendGoal({ position: 2000 });
    const refused = await (await move.sendGoal({ position: 5 })).outcome;
    expect(refused.result.error_code).to.equal(ERROR_CODES.invalid_input);
    expect(refused.result.state.moving).to.equal(false);
  });

  it("gives a lens up that does not arrive in time", async () => {
    await start(slow);
    await running.ready;
    const { status, result } = await (await move.sendGoal({ position: 2000, timeout: 0.05 })).outcome;
    expect(status).to.equal("aborted");
    expect(result.error_code).to.equal(ERROR_CODES.lens_timeout);
    expect(result.state.moving).to.equal(false);
  });

  it("hangs on nothing that a dead lens does not do", async () => {
    const clock = new SteppedClock(1000);
    await start(() => new DeadLens(), {}, clock);
    await running.ready;
    await clock.advance(10);
    const goal = await move.sendGoal({ position: 1600, timeout: 1 });
    const homed = command("lens/home");
    await clock.advance(1100);
    const { result } = await goal.outcome;
    expect(result.error_code).to.equal(ERROR_CODES.lens_timeout);
    const stopped = await command("lens/stop");
    expect(stopped).to.include({ success: false, error_code: ERROR_CODES.internal, error_msg: "dead" });
    for (let second = 0; second < 31; second++) await clock.advance(1000);
    expect(await homed).to.include({ success: false, error_code: ERROR_CODES.lens_timeout });
  });

  it("homes and stops by service; stopping ends the goal that moves", async () => {
    await start(slow);
    await running.ready;
    const goal = await move.sendGoal({ position: 2000 });
    await eventually(() => states.some(({ moving }) => moving));
    const stopped = await command("lens/stop");
    expect(stopped).to.include({ success: true, error_code: 0 });
    expect(stopped.state.moving).to.equal(false);
    const { status, result } = await goal.outcome;
    expect(status).to.equal("aborted");
    expect(result.error_code).to.equal(ERROR_CODES.canceled);
    await running.stop();
    await graph.shutdown();
    await start(quick);
    await running.ready;
    const homed = await command("lens/home");
    expect(homed.success).to.equal(true);
    expect(homed.state.position).to.equal(1000);
  });

  it("says again and again that it rests, and where, with fresh stamps", async () => {
    const clock = new SteppedClock(1_000_000);
    await start(quick, { state_rate: 10 }, clock);
    await running.ready;
    await clock.advance(0);
    await clock.advance(1000);
    const stamps = states.map(({ header }) => fromTime(header.stamp));
    expect(stamps.length).to.be.within(10, 13);
    expect(stamps.at(-1)).to.equal(1_001_000);
    expect(states.every(({ position, moving }) => position === 1500 && !moving)).to.equal(true);
  });

  it("tells the object distance of the lens model", async () => {
    await start(quick);
    await running.ready;
    await eventually(() => states.length > 0);
    expect(states[0]?.dioptres).to.equal(1.5);
  });

  it("fails commands with the reason while there is no lens, and opens it when it comes", async () => {
    let attempts = 0;
    await start((clock) => {
      if (attempts++ < 2)
        throw new AutofocusError("lens_open_failed", "no such port", { cure: "Plug it in." });
      return quick(clock);
    });
    await eventually(() => attempts === 1);
    const { status, result } = await (await move.sendGoal({ position: 1200 })).outcome;
    expect(status).to.equal("aborted");
    expect(result.error_code).to.equal(ERROR_CODES.inactive);
    expect(result.error_msg).to.equal("The node /cam/motor_driver is not active: no such port Plug it in.");
    await running.ready;
    expect((await (await move.sendGoal({ position: 1200 })).outcome).status).to.equal("succeeded");
    expect(logged.join("\n")).to.match(/error: lens .*no such port Plug it in. \(lens_open_failed\)/);
  });

  it("opens a lens again that went away, also in the middle of a movement", async () => {
    const lenses: SimulatedLens[] = [];
    await start((clock) => {
      const lens = new SimulatedLens({ range: RANGE, clock, speed: 100, settlingTime: 2 });
      lenses.push(lens);
      return lens;
    });
    await running.ready;
    const goal = await move.sendGoal({ position: 2000 });
    await lenses[0]?.close();
    expect((await goal.outcome).status).to.equal("aborted");
    await eventually(() => lenses.length === 2);
    await eventually(() => states.at(-1)?.position === 1500);
  });

  it("aborts its goal and halts the lens when the node shuts down", async () => {
    const lens = slow(systemClock);
    await start(() => lens);
    await running.ready;
    const goal = await move.sendGoal({ position: 2000 });
    await eventually(() => states.some(({ moving }) => moving));
    await graph.shutdown();
    expect((await goal.outcome).status).to.equal("aborted");
    await running.stop();
  });

  it("stops before the lens has ever opened", async () => {
    let attempts = 0;
    await start(async () => {
      attempts++;
      await new Promise((resolve) => setTimeout(resolve, 10));
      throw new Error("late");
    });
    await running.stop();
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(attempts).to.equal(1);
    expect(states).to.deep.equal([]);
  });
});
