import { expect } from "chai";
import { ERROR_CODES } from "../../src/core/errors.ts";
import { parseLens } from "../../src/io/lens-file.ts";
import { createAutofocusNode } from "../../src/nodes/autofocus-node.ts";
import { AutofocusStateMsg } from "../../src/ros/messages.ts";
import {
  LATCHED_QOS,
  type Feedback,
  type Goal,
  type Init,
  type Outcome,
  type Result,
  type RosNode,
} from "../../src/ros/port.ts";
import { PAINTED_NETWORKS, PaintedWorld, type PaintedWorldOptions } from "../support/painted-world.ts";

const CALIBRATE = "intelligent_autofocus/action/CalibrateLens";

/** Ten slabs from far to near. */
const SLABS = (x: number): number => 480 + 55 * Math.floor(x / 64);

describe("the action autofocus/calibrate", () => {
  let world: PaintedWorld;
  let user: RosNode;
  let states: number[];

  async function start(
    options: PaintedWorldOptions,
    parameters: Record<string, unknown> = {},
  ): Promise<void> {
    world = await PaintedWorld.start(options);
    const autofocus = createAutofocusNode(await world.node("autofocus", parameters), {
      networks: PAINTED_NETWORKS,
    });
    user = await world.graph.createNode("user");
    states = [];
    user
      .subscribe("autofocus/state", "intelligent_autofocus/msg/AutofocusState", LATCHED_QOS)
      .subscribe(({ state }) => states.push(state));
    await world.until(autofocus.ready);
  }

  async function calibrate(
    goal: Init<Goal<typeof CALIBRATE>>,
    onFeedback: (each: Feedback<typeof CALIBRATE>) => void = () => undefined,
  ): Promise<Outcome<Result<typeof CALIBRATE>>> {
    const client = user.actionClient("autofocus/calibrate", CALIBRATE);
    const sent = await world.until(client.sendGoal(goal, { onFeedback }));
    return world.until(sent.outcome);
  }

  afterEach(() => world.stop());

  it("finds the lens by driving it, tells of it on the way, and puts the lens back", async () => {
    await start({ depth: SLABS, lens: { start: 700 } });
    const feedback: Feedback<typeof CALIBRATE>[] = [];
    const { status, result } = await calibrate({ name: "found" }, (each) => feedback.push(each));
    expect(status).to.equal("succeeded");
    expect(result).to.include({ success: true, error_code: 0, error_msg: "" });
    const lens = parseLens(result.lens_file, "result");
    expect(lens.name).to.equal("found");
    expect(lens.range).to.deep.equal({ min: 450, max: 1000 });
    for (const [z0, z] of [
      [450, 1000],
      [500, 700],
      [950, 720],
    ] as const) {
      const truth = world.model.radius(z0, z);
      expect(lens.radius(z0, z), `${z0} ${z}`).to.be.closeTo(truth, 0.03 * truth);
    }
    expect(result.backlash).to.equal(0);
    expect(result.windows).to.be.greaterThan(15);
    expect(world.position).to.be.closeTo(700, 0.5);
    const shares = feedback.map(({ progress }) => progress);
    expect(shares).to.deep.equal([...shares].sort((a, b) => a - b));
    expect(shares.at(-1)).to.equal(1);
    expect(new Set(feedback.map(({ phase }) => phase))).to.have.keys(["sweep", "fit", "return", "settling"]);
    expect(states).to.include(AutofocusStateMsg.STATE_SCANNING);
    expect(states.at(-1)).to.equal(AutofocusStateMsg.STATE_IDLE);
  });

  it("sweeps a part of the range", async () => {
    await start({ depth: SLABS });
    const { result } = await calibrate({ min_position: 500, max_position: 900, stops: 12 });
    expect(parseLens(result.lens_file, "result").range).to.deep.equal({ min: 500, max: 900 });
  });

  it("says why there is no lens", async () => {
    await start({ depth: () => undefined });
    expect((await calibrate({ stops: 6 })).result).to.include({
      success: false,
      lens_file: "",
      error_code: ERROR_CODES.no_texture,
    });
    expect(states.at(-1)).to.equal(AutofocusStateMsg.STATE_FAILED);
    for (const goal of [
      { stops: 3 },
      { stops: 1000 },
      { min_position: 10, max_position: 20 },
      { min_position: 900, max_position: 500 },
      { timeout: -1 },
      { timeout: NaN },
    ]) {
      const { status, result } = await calibrate(goal);
      expect(status).to.equal("aborted");
      expect(result.error_code, JSON.stringify(goal)).to.equal(ERROR_CODES.invalid_input);
      expect(result.error_msg).to.not.equal("");
    }
  });

  it("ends when it is canceled, when its time is over, when the camera stops, and not at all in manual mode", async () => {
    await start({ depth: SLABS });
    const client = user.actionClient("autofocus/calibrate", CALIBRATE);
    const sent = await world.until(client.sendGoal({}));
    await world.advance(1000);
    await world.until(sent.cancel());
    expect((await world.until(sent.outcome)).status).to.equal("canceled");
    expect((await calibrate({ timeout: 1 })).result.error_code).to.equal(ERROR_CODES.timeout);
    await world.stop();
    await start({ depth: SLABS, failAfter: 20 });
    expect((await calibrate({})).result.error_code).to.equal(ERROR_CODES.camera_stopped);
    await world.stop();
    await start({ depth: SLABS }, { mode: "manual" });
    expect((await calibrate({})).result.error_code).to.equal(ERROR_CODES.invalid_input);
  });
});
