import { expect } from "chai";
import { ERROR_CODES } from "../../src/core/errors.ts";
import { createAutofocusNode } from "../../src/nodes/autofocus-node.ts";
import { createFocusStrategyNode } from "../../src/nodes/focus-strategy-node.ts";
import type { RunningNode } from "../../src/nodes/types.ts";
import type { ActivationMatrixMsg, ImageMsg, OccupancyGridMsg } from "../../src/ros/messages.ts";
import type { ActionClient, Feedback, Goal, Init, Outcome, Result, RosNode } from "../../src/ros/port.ts";
import { header } from "../../src/ros/time.ts";
import {
  HEIGHT,
  PAINTED_NETWORKS,
  PaintedWorld,
  WIDTH,
  type PaintedWorldOptions,
} from "../support/painted-world.ts";

const CAPTURE = "intelligent_autofocus/action/CaptureAllInFocus";
type CaptureOutcome = Outcome<Result<typeof CAPTURE>>;

/** Three surfaces side by side, and a strip without texture at the right. */
const SURFACES = [520, 700, 920] as const;
const depth = (x: number): number | undefined => [...SURFACES, undefined][Math.floor((4 * x) / WIDTH)];

interface Rig {
  readonly world: PaintedWorld;
  readonly node: RosNode;
  readonly strategy: RunningNode;
  readonly user: RosNode;
  readonly client: ActionClient<typeof CAPTURE>;
  readonly activations: ActivationMatrixMsg[];
  readonly capture: (
    goal?: Init<Goal<typeof CAPTURE>>,
    onFeedback?: (each: Feedback<typeof CAPTURE>) => void,
  ) => Promise<CaptureOutcome>;
  readonly enable: (wanted: boolean) => Promise<unknown>;
}

describe("the node focus_strategy", () => {
  let rig: Rig;

  async function start(
    options: Partial<PaintedWorldOptions> = {},
    parameters: Record<string, unknown> = {},
  ): Promise<Rig> {
    const world = await PaintedWorld.start({ depth, lens: { start: 600 }, ...options });
    const node = await world.node("focus_strategy", { patch_size: 128, stride: 64, ...parameters });
    const strategy = createFocusStrategyNode(node, { networks: PAINTED_NETWORKS });
    const user = await world.graph.createNode("user");
    const client = user.actionClient("focus_strategy/capture", CAPTURE);
    const service = user.client("focus_strategy/enable", "std_srvs/srv/SetBool");
    const activations: ActivationMatrixMsg[] = [];
    user
      .subscribe("focus_strategy/activation", "intelligent_autofocus/msg/ActivationMatrix")
      .subscribe((each) => activations.push(each));
    await world.until(strategy.ready);
    rig = {
      world,
      node,
      strategy,
      user,
      client,
      activations,
      capture: async (goal = {}, onFeedback = () => undefined) => {
        const sent = await world.until(client.sendGoal(goal, { onFeedback }));
        return world.until(sent.outcome);
      },
      enable: (data) => world.until(service.call({ data })),
    };
    return rig;
  }

  afterEach(() => rig.world.stop());

  it("captures a still scene with about one frame a surface on an empty goal", async () => {
    const { capture, activations } = await start();
    const feedback: Feedback<typeof CAPTURE>[] = [];
    const { status, result } = await capture({}, (each) => feedback.push(each));
    expect(status).to.equal("succeeded");
    expect(result).to.include({ success: true, error_code: 0, error_msg: "", coverage: 1 });
    expect(result.frames).to.be.within(3, 5);
    expect(result.positions).to.have.length(result.frames);
    for (const z0 of SURFACES)
      expect([...result.positions].some((z) => Math.abs(z - z0) <= 20)).to.equal(true);
    expect(result.reasons).to.have.length(result.frames);
    expect(result.reasons[0]).to.equal("Look where the lens stands.");
    expect(result.reason).to.equal("Every patch is done.");
    expect(result.region_positions).to.have.length(SURFACES.length);
    [...SURFACES]
      .sort((a, b) => a - b)
      .forEach((z0, i) => expect(result.region_positions[i]).to.be.closeTo(z0, 10));
    const { rows, cols } = activations[0]!;
    expect(result.regions).to.include({ width: cols, height: rows, encoding: "mono16" });
    expect(result.travel).to.be.within(400, 1200);
    expect(result.elapsed).to.be.within(0.1, 10);
    expect(result.image).to.include({ width: WIDTH, height: HEIGHT, encoding: "mono8" });
    expect(result.depth).to.include({ width: WIDTH, height: HEIGHT, encoding: "32FC1" });
    expect(feedback.map(({ frames }) => frames)).to.deep.equal(feedback.map((_, i) => i + 1));
    expect(feedback.at(-1)?.coverage).to.equal(1);
    expect(feedback.map(({ reason }) => reason)).to.deep.equal([...result.reasons.slice(1), result.reason]);
    expect(activations.map(({ complete }) => complete)).to.deep.equal(
      activations.map((_, i) => i === activations.length - 1),
    );
  });

  it("publishes what it sees: matrices, overlay, occupancy grid, sharpness", async () => {
    const { user, capture, activations } = await start();
    const grids: OccupancyGridMsg[] = [];
    const overlays: ImageMsg[] = [];
    const sharpness: ImageMsg[] = [];
    const image = "sensor_msgs/msg/Image";
    user
      .subscribe("focus_strategy/activation_grid", "nav_msgs/msg/OccupancyGrid")
      .subscribe((each) => grids.push(each));
    user.subscribe("focus_strategy/activation_image", image).subscribe((each) => overlays.push(each));
    user.subscribe("focus_strategy/sharpness", image).subscribe((each) => sharpness.push(each));
    await capture();
    const [first] = activations as [ActivationMatrixMsg];
    const cells = first.rows * first.cols;
    expect(first).to.include({ patch_size: 128, stride: 64, rows: 5, cols: 9 });
    expect(
      [first.deviation, first.confidence, first.in_focus, first.activation].map(({ length }) => length),
    ).to.deep.equal([cells, cells, cells, cells]);
    expect([overlays.length, grids.length, sharpness.length]).to.deep.equal([
      activations.length,
      activations.length,
      activations.length,
    ]);
    expect(overlays[0]).to.include({ width: WIDTH, height: HEIGHT, encoding: "rgb8" });
    expect(sharpness[0]).to.include({ width: first.cols, height: first.rows, encoding: "32FC1" });
    const last = grids.at(-1)!;
    expect(last.info).to.include({ width: first.cols, height: first.rows });
    expect(last.data[0]).to.equal(0);
    expect(last.data[first.cols - 1]).to.equal(-1);
    expect(grids[0]!.data.includes(100)).to.equal(true);
    // The patch at the right has no texture: unknown, and nothing to do.
    expect(first.deviation[first.cols - 1]).to.be.NaN;
    expect(first.activation[first.cols - 1]).to.equal(1);
  });

  it("says which limit was reached, with the picture so far", async () => {
    const { capture } = await start();
    const few = await capture({ max_frames: 2 });
    expect(few.status).to.equal("aborted");
    expect(few.result).to.include({ frames: 2, success: false, error_code: ERROR_CODES.limit_reached });
    expect(few.result.image.width).to.equal(WIDTH);
    expect(few.result.coverage).to.be.within(0.01, 0.99);
    const short = await capture({ max_travel: 1 });
    expect(short.result).to.include({ error_code: ERROR_CODES.limit_reached });
    expect(short.result.travel).to.be.at.most(1);
  });

  it("goes as far as the motor can, where that is less than the lens file says", async () => {
    const { capture, world } = await start({ lens: { start: 600, range: { min: 500, max: 800 } } });
    const { status, result } = await capture();
    expect(status).to.equal("succeeded");
    expect(Math.max(...result.positions)).to.equal(800);
    expect(result.coverage).to.be.within(0.3, 0.9);
    expect(world.logs.filter(({ level }) => level === "warn")).to.deep.equal([]);
  });

  it("gets over a picture that lies about itself", async () => {
    const { world, user, client } = await start();
    const raw = user.publish("image_raw", "sensor_msgs/msg/Image");
    const focus = user.publish("frame_focus", "intelligent_autofocus/msg/FrameFocus");
    const sent = await world.until(client.sendGoal());
    const lie = { header: header(world.clock.now() + 1, "liar"), is_bigendian: 0, data: new Uint8Array(5) };
    raw.publish({ ...lie, width: 640, height: 384, encoding: "rgb8", step: 3 });
    focus.publish({ header: lie.header, position: 600, position_uncertainty: 0, exposure: 0, settled: true });
    const { status } = await world.until(sent.outcome);
    expect(status).to.equal("succeeded");
    expect(world.logs.some(({ message }) => message.startsWith("A frame cannot be used"))).to.equal(true);
  });

  it("refuses goals that make no sense, and survives them", async () => {
    const { capture } = await start();
    for (const goal of [
      { timeout: NaN },
      { timeout: -1 },
      { timeout: 1e300 },
      { max_travel: NaN },
      { max_travel: -5 },
    ]) {
      const { status, result } = await capture(goal);
      expect(status).to.equal("aborted");
      expect(result.error_code).to.equal(ERROR_CODES.invalid_input);
    }
    expect((await capture()).status).to.equal("succeeded");
  });

  it("ends at once when canceled, preempted, or out of time", async () => {
    const { world, client, capture } = await start({ lens: { start: 600, speed: 100 } });
    const canceled = await world.until(client.sendGoal());
    await world.advance(400);
    await world.until(canceled.cancel());
    const first = await world.until(canceled.outcome);
    expect([first.status, first.result.error_code]).to.deep.equal(["canceled", ERROR_CODES.canceled]);
    expect(first.result.frames).to.equal(1);
    const preempted = await world.until(client.sendGoal());
    await world.advance(400);
    const second = await world.until(client.sendGoal({ timeout: 1 }));
    const older = await world.until(preempted.outcome);
    expect([older.status, older.result.error_code]).to.deep.equal(["aborted", ERROR_CODES.preempted]);
    const begin = world.clock.now();
    const late = await world.until(second.outcome);
    expect([late.status, late.result.error_code]).to.deep.equal(["aborted", ERROR_CODES.timeout]);
    expect(world.clock.now() - begin).to.be.lessThan(1200);
    expect((await capture()).status).to.equal("succeeded");
  });

  it("ends with camera_stopped or lens_timeout when they fail", async () => {
    const blind = await start({ failAfter: 0 }, { frame_timeout: 1 });
    expect((await blind.capture()).result.error_code).to.equal(ERROR_CODES.camera_stopped);
    await blind.world.stop();
    const stuck = await start({ lens: { start: 600, jamAt: 650 } });
    const { result } = await stuck.capture();
    expect(result.error_code).to.equal(ERROR_CODES.lens_timeout);
    // It may have looked on the near side first.
    expect(result.frames).to.be.within(1, 2);
  });

  it("follows a scene as video until it is switched off", async () => {
    const { world, enable, activations } = await start();
    expect(await enable(true)).to.include({ success: true });
    await world.untilTrue(() => activations.length >= 12);
    const visited = new Set(
      SURFACES.filter((z0) => activations.some(({ position }) => Math.abs(position - z0) <= 20)),
    );
    expect(visited.size).to.equal(SURFACES.length);
    expect(await enable(true)).to.include({ success: true });
    expect(await enable(false)).to.include({ success: true });
    const { length } = activations;
    const { position } = world;
    await world.advance(2000);
    expect(activations).to.have.length(length);
    expect(world.position).to.be.closeTo(position, 0.5);
  });

  it("gives the lens to a focus action and goes on afterwards", async () => {
    const { world, enable, activations, user } = await start();
    const autofocus = createAutofocusNode(
      await world.node("autofocus", { windows: [480 - 128 - 30, 100, 128, 128] }),
      {
        networks: PAINTED_NETWORKS,
      },
    );
    await world.until(autofocus.ready);
    await enable(true);
    await world.untilTrue(() => activations.length >= 3);
    const focus = user.actionClient("autofocus/focus", "intelligent_autofocus/action/Focus");
    const sent = await world.until(focus.sendGoal());
    const { status, result } = await world.until(sent.outcome);
    expect(status).to.equal("succeeded");
    expect(result.position).to.be.closeTo(920, 20);
    expect(result.captures).to.be.at.most(5);
    const { length } = activations;
    await world.untilTrue(() => activations.length >= length + 6);
    expect(activations.slice(length).some(({ position }) => position < 750)).to.equal(true);
  });

  it("resumes a capture that a focus action interrupts", async () => {
    const { world, client, user } = await start({ lens: { start: 600, speed: 300 } });
    const autofocus = createAutofocusNode(await world.node("autofocus"), { networks: PAINTED_NETWORKS });
    await world.until(autofocus.ready);
    const capture = await world.until(client.sendGoal());
    await world.advance(250);
    const focus = user.actionClient("autofocus/focus", "intelligent_autofocus/action/Focus");
    const sent = await world.until(focus.sendGoal());
    expect((await world.until(sent.outcome)).status).to.equal("succeeded");
    const { status, result } = await world.until(capture.outcome);
    expect(status).to.equal("succeeded");
    expect(result.coverage).to.equal(1);
  });

  it("interrupts the video for a capture and goes on with it", async () => {
    const { world, enable, activations, capture } = await start();
    await enable(true);
    await world.untilTrue(() => activations.length >= 2);
    expect((await capture()).status).to.equal("succeeded");
    const { length } = activations;
    await world.untilTrue(() => activations.length >= length + 3);
  });

  it("waits, as video, for a camera that comes back", async () => {
    const { world, enable, activations } = await start({ failAfter: 20 }, { frame_timeout: 0.5 });
    await enable(true);
    await world.untilTrue(() => activations.length >= 2);
    await world.untilTrue(() => world.logs.some(({ message }) => message.startsWith("The video waits")));
    const { length } = activations;
    await world.untilTrue(() => activations.length > length);
  });

  it("says what is wrong with its parameters", async () => {
    const { strategy } = await start({}, { patch_size: 100 });
    await strategy.ready;
    const { result } = await rig.capture();
    expect(result.error_code).to.equal(ERROR_CODES.invalid_input);
    expect(result.error_msg).to.match(/patch_size to one of 128, 256, 512/);
  });
});
