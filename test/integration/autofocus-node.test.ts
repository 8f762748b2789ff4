import { expect } from "chai";
import { ERROR_CODES } from "../../src/core/errors.ts";
import { createAutofocusNode } from "../../src/nodes/autofocus-node.ts";
import type { RunningNode } from "../../src/nodes/types.ts";
import { AutofocusStateMsg, FocusGoalMsg } from "../../src/ros/messages.ts";
import type { ActionClient, Feedback, Goal, Init, Outcome, Result, RosNode } from "../../src/ros/port.ts";
import { LATCHED_QOS } from "../../src/ros/port.ts";
import { PAINTED_NETWORKS, PaintedWorld, WIDTH, type PaintedWorldOptions } from "../support/painted-world.ts";

const FOCUS = "intelligent_autofocus/action/Focus";
type FocusOutcome = Outcome<Result<typeof FOCUS>>;

interface Rig {
  readonly world: PaintedWorld;
  readonly autofocus: RunningNode;
  readonly node: RosNode;
  readonly client: ActionClient<typeof FOCUS>;
  readonly user: RosNode;
  readonly states: AutofocusStateMsg[];
  readonly focus: (
    goal?: Init<Goal<typeof FOCUS>>,
    onFeedback?: (each: Feedback<typeof FOCUS>) => void,
  ) => Promise<FocusOutcome>;
}

describe("the node autofocus", () => {
  let rig: Rig;

  async function start(options: PaintedWorldOptions, parameters: Record<string, unknown> = {}): Promise<Rig> {
    const world = await PaintedWorld.start(options);
    const node = await world.node("autofocus", parameters);
    const autofocus = createAutofocusNode(node, { networks: PAINTED_NETWORKS });
    const user = await world.graph.createNode("user");
    const client = user.actionClient("autofocus/focus", FOCUS);
    const states: AutofocusStateMsg[] = [];
    user
      .subscribe("autofocus/state", "intelligent_autofocus/msg/AutofocusState", LATCHED_QOS)
      .subscribe((state) => states.push(state));
    await world.until(autofocus.ready);
    rig = {
      world,
      node,
      autofocus,
      user,
      client,
      states,
      focus: async (goal = {}, onFeedback = () => undefined) => {
        const sent = await world.until(client.sendGoal(goal, { onFeedback }));
        return world.until(sent.outcome);
      },
    };
    return rig;
  }

  afterEach(() => rig.world.stop());

  it("focuses the centre of the picture on an empty goal and tells how it went", async () => {
    const { focus, world, states } = await start({ depth: () => 800, lens: { start: 500 } });
    const feedback: Feedback<typeof FOCUS>[] = [];
    const { status, result } = await focus({}, (each) => feedback.push(each));
    expect(status).to.equal("succeeded");
    expect(result).to.include({ success: true, error_code: 0, error_msg: "", fallback: false });
    expect(result.position).to.be.closeTo(800, 20);
    expect(world.position).to.be.closeTo(result.position, 0.5);
    expect(result.captures).to.equal(result.visited.length);
    expect(result.captures).to.equal(feedback.length);
    expect(result.captures).to.be.at.most(4);
    expect(result.moves).to.be.at.most(3);
    expect(result.travel).to.be.within(280, 700);
    expect(result.elapsed).to.be.within(0.1, 5);
    expect(result.in_focus_probability).to.be.greaterThan(0.8);
    expect(feedback.map(({ capture }) => capture)).to.deep.equal(feedback.map((_, index) => index + 1));
    for (const { reason, state } of feedback) {
      expect(reason).to.match(/\.$/);
      expect(state).to.equal(AutofocusStateMsg.STATE_SCANNING);
    }
    expect(feedback.at(-1)?.deviation).to.be.closeTo(0, 20);
    const seen = states.map(({ state }) => state);
    expect(seen).to.include(AutofocusStateMsg.STATE_SCANNING);
    expect(states.at(-1)).to.include({
      state: AutofocusStateMsg.STATE_FOCUSED,
      mode: AutofocusStateMsg.MODE_AUTO,
    });
  });

  it("obeys windows, their policy and the range", async () => {
    const depth = (x: number) => (x < WIDTH / 2 ? 550 : 850);
    const left = { x_offset: 40, y_offset: 100, width: 200, height: 200, do_rectify: false };
    const right = { ...left, x_offset: 400 };
    const { focus } = await start({ depth, lens: { start: 700 } });
    const at = async (goal: Init<Goal<typeof FOCUS>>) => (await focus(goal)).result.position;
    expect(await at({ windows: [left] })).to.be.closeTo(550, 20);
    expect(await at({ windows: [right] })).to.be.closeTo(850, 20);
    const windows = [left, right];
    expect(await at({ windows, window_policy: FocusGoalMsg.WINDOWS_NEAREST })).to.be.closeTo(850, 20);
    expect(await at({ windows, window_policy: FocusGoalMsg.WINDOWS_FARTHEST })).to.be.closeTo(550, 20);
    const { status, result } = await focus({ windows: [right], range_min: 450, range_max: 700 });
    expect(status).to.equal("aborted");
    expect(result.error_code).to.equal(ERROR_CODES.focus_failed);
    for (const position of result.visited) expect(position).to.be.at.most(700);
  });

  it("says what is wrong with a goal, and survives it", async () => {
    const { focus } = await start({ depth: () => 800 });
    const wrong: readonly [Init<Goal<typeof FOCUS>>, RegExp][] = [
      [{ search: "luck" }, /one of learned, .* but received "luck"/],
      [{ range_min: NaN, range_max: 500 }, /range_min below range_max/],
      [{ range_min: 800, range_max: 500 }, /range_min below range_max/],
      [{ range_min: 5000, range_max: 6000 }, /a range that meets 450\.\.1000/],
      [{ timeout: NaN }, /a number above 0 up to 86400 for timeout but received NaN/],
      [{ timeout: -1 }, /timeout/],
      [{ timeout: 1e300 }, /timeout/],
      [{ window_policy: 77 }, /window_policy/],
      [{ speed: 77 }, /speed/],
      [
        { windows: [{ x_offset: 9000, y_offset: 0, width: 10, height: 10, do_rectify: false }] },
        /outside the 640x384 frame/,
      ],
    ];
    for (const [goal, message] of wrong) {
      const { status, result } = await focus(goal);
      expect(status, message.source).to.equal("aborted");
      expect(result.error_code, message.source).to.equal(ERROR_CODES.invalid_input);
      expect(result.error_msg).to.match(message);
    }
    expect((await focus()).status).to.equal("succeeded");
  });

  it("ends as canceled at once when a client cancels, and can focus again", async () => {
    const { world, client, focus, states } = await start({
      depth: () => 900,
      lens: { start: 460, speed: 200 },
    });
    const sent = await world.until(client.sendGoal());
    await world.advance(300);
    const begin = world.clock.now();
    expect(await world.until(sent.cancel())).to.equal(true);
    const { status, result } = await world.until(sent.outcome);
    expect(world.clock.now() - begin).to.be.lessThan(100);
    expect(status).to.equal("canceled");
    expect(result).to.include({ success: false, error_code: ERROR_CODES.canceled });
    await world.advance(100);
    expect(states.at(-1)?.state).to.equal(AutofocusStateMsg.STATE_IDLE);
    const stopped = world.position;
    await world.advance(500);
    expect(world.position).to.be.closeTo(stopped, 0.5);
    expect((await focus()).status).to.equal("succeeded");
  });

  it("lets a newer goal preempt an older one", async () => {
    const { world, client } = await start({ depth: () => 900, lens: { start: 460, speed: 200 } });
    const first = await world.until(client.sendGoal());
    await world.advance(300);
    const second = await world.until(client.sendGoal());
    const [older, newer] = await world.until(Promise.all([first.outcome, second.outcome]));
    expect(older.status).to.equal("aborted");
    expect(older.result.error_code).to.equal(ERROR_CODES.preempted);
    expect(newer.status).to.equal("succeeded");
    expect(newer.result.position).to.be.closeTo(900, 20);
  });

  it("ends with timeout, telling what it had done by then", async () => {
    const { focus, world } = await start({ depth: () => 900, lens: { start: 460, speed: 50 } });
    const begin = world.clock.now();
    const { status, result } = await focus({ timeout: 1.5 });
    expect(status).to.equal("aborted");
    expect(result.error_code).to.equal(ERROR_CODES.timeout);
    expect(result.captures).to.equal(1);
    expect(world.clock.now() - begin).to.be.within(1500, 1700);
  });

  it("ends with limit_reached when the captures are used up", async () => {
    const { focus } = await start({ depth: () => 900, lens: { start: 460 } });
    const { status, result } = await focus({ search: "coarse-fine", max_captures: 2 });
    expect(status).to.equal("aborted");
    expect(result.error_code).to.equal(ERROR_CODES.limit_reached);
    expect(result.captures).to.be.within(1, 2);
  });

  it("ends with camera_stopped when no frames come, within the frame timeout", async () => {
    const { focus, world } = await start({ depth: () => 900, failAfter: 0 }, { frame_timeout: 1 });
    const begin = world.clock.now();
    const { status, result } = await focus();
    expect(status).to.equal("aborted");
    expect(result.error_code).to.equal(ERROR_CODES.camera_stopped);
    expect(result.error_msg).to.match(/camera_driver/);
    expect(world.clock.now() - begin).to.be.lessThan(1200);
  });

  it("ends with lens_timeout when the lens is stuck", async () => {
    const { focus } = await start({ depth: () => 900, lens: { start: 460, jamAt: 600 } });
    const { status, result } = await focus();
    expect(status).to.equal("aborted");
    expect(result.error_code).to.equal(ERROR_CODES.lens_timeout);
    expect(result.position).to.be.closeTo(600, 1);
    expect(result.captures).to.equal(1);
  });

  it("fails where nothing can be read, with a code", async () => {
    const { focus } = await start({ depth: () => undefined });
    const { status, result } = await focus();
    expect(status).to.equal("aborted");
    expect(result.error_code).to.equal(ERROR_CODES.no_texture);
  });

  it("skips pictures that lie about themselves", async () => {
    const { focus, user, world } = await start({ depth: () => 800, lens: { start: 500 } });
    const images = user.publish("image_raw", "sensor_msgs/msg/Image");
    const focuses = user.publish("frame_focus", "intelligent_autofocus/msg/FrameFocus");
    const timer = world.clock.now();
    let lies = 0;
    const lie = (): void => {
      const ms = world.clock.now();
      const stamp = { sec: Math.floor(ms / 1000), nanosec: Math.round((ms % 1000) * 1e6) };
      const header = { stamp, frame_id: "liar" };
      const encoding = ["mono8", "rgb8", "nonsense", "mono8"][lies % 4]!;
      const data = new Uint8Array([1, 2, 3]);
      images.publish({ header, width: 4000, height: lies % 3, encoding, is_bigendian: 0, step: 7, data });
      focuses.publish({
        header,
        position: 500,
        position_uncertainty: 0,
        exposure: 0,
        settled: lies % 2 === 0,
      });
      lies++;
    };
    const subscription = user
      .subscribe("lens/state", "intelligent_autofocus/msg/LensState")
      .subscribe(() => world.clock.now() > timer && lies < 6 && lie());
    const { status, result } = await focus();
    subscription.unsubscribe();
    expect(lies).to.be.greaterThan(2);
    expect(["succeeded", "aborted"]).to.include(status);
    if (status === "aborted") expect(result.error_code).to.equal(ERROR_CODES.invalid_image);
    expect((await focus()).result.position).to.be.closeTo(800, 20);
  });

  it("refuses goals in the mode manual and aborts the one that runs when it is set", async () => {
    const { focus, node, world, client } = await start({
      depth: () => 900,
      lens: { start: 460, speed: 200 },
    });
    const parameters = node.parameterClient("autofocus");
    const sent = await world.until(client.sendGoal());
    await world.advance(200);
    expect(await world.until(parameters.set({ mode: "manual" }))).to.include({ successful: true });
    expect((await world.until(sent.outcome)).result.error_code).to.equal(ERROR_CODES.canceled);
    const { status, result } = await focus();
    expect(status).to.equal("aborted");
    expect(result.error_msg).to.match(/mode is manual/);
    expect(await world.until(parameters.set({ mode: "wild" }))).to.include({ successful: false });
  });

  it("focuses by itself in the mode continuous, again when the scene changes, and not while paused", async () => {
    const { world, node, states } = await start(
      { depth: () => 800, lens: { start: 500 } },
      { mode: "continuous" },
    );
    const parameters = node.parameterClient("autofocus");
    const isFocused = (): boolean => states.at(-1)?.state === AutofocusStateMsg.STATE_FOCUSED;
    await world.untilTrue(isFocused);
    expect(world.position).to.be.closeTo(800, 20);
    const searches = (): number =>
      states.filter(({ state }, i) => state === 1 && states[i - 1]?.state !== 1).length;
    await world.advance(3000);
    expect(searches()).to.equal(1);
    world.depth = () => 600;
    await world.untilTrue(() => searches() === 2);
    await world.untilTrue(isFocused);
    expect(world.position).to.be.closeTo(600, 20);
    await world.until(parameters.set({ pause: "immediate" }));
    world.depth = () => 900;
    await world.advance(3000);
    expect(world.position).to.be.closeTo(600, 20);
    expect(states.at(-1)?.pause_state).to.equal(AutofocusStateMsg.PAUSE_PAUSED);
    await world.until(parameters.set({ pause: "running" }));
    await world.untilTrue(() => Math.abs(world.position - 900) < 20);
  });

  it("lets a deferred pause wait for the search that runs", async () => {
    const { world, node, states } = await start(
      { depth: () => 950, lens: { start: 460, speed: 200 } },
      { mode: "continuous" },
    );
    await world.untilTrue(() => states.at(-1)?.state === AutofocusStateMsg.STATE_SCANNING);
    await world.until(node.parameterClient("autofocus").set({ pause: "deferred" }));
    await world.untilTrue(() => states.at(-1)?.pause_state === AutofocusStateMsg.PAUSE_PAUSING);
    await world.untilTrue(() => states.at(-1)?.state === AutofocusStateMsg.STATE_FOCUSED);
    expect(states.at(-1)?.pause_state).to.equal(AutofocusStateMsg.PAUSE_PAUSED);
    expect(world.position).to.be.closeTo(950, 20);
  });

  it("leaves the lens to whoever moves it, in the mode continuous, and takes it back later", async () => {
    const { world, user, states } = await start(
      { depth: () => 800, lens: { start: 780 } },
      { mode: "continuous" },
    );
    await world.untilTrue(() => states.at(-1)?.state === AutofocusStateMsg.STATE_FOCUSED);
    const lens = user.actionClient("lens/move", "intelligent_autofocus/action/MoveLens");
    const sent = await world.until(lens.sendGoal({ position: 500 }));
    await world.until(sent.outcome);
    await world.advance(1500);
    expect(world.position).to.be.closeTo(500, 1);
    await world.untilTrue(() => Math.abs(world.position - 800) < 20);
  });

  it("ends its goals and stops when it is shut down", async () => {
    const { world, autofocus, client, node } = await start({
      depth: () => 900,
      lens: { start: 460, speed: 200 },
    });
    const sent = await world.until(client.sendGoal());
    await world.advance(200);
    await world.until(node.shutdown());
    expect((await world.until(sent.outcome)).result.error_code).to.equal(ERROR_CODES.canceled);
    await world.until(autofocus.stop());
  });
});
