/** The managed life of the nodes of this package, as somebody commands it who is not the nodes. */
import { expect } from "chai";
import { ERROR_CODES } from "../../src/core/errors.ts";
import { createAutofocusNode } from "../../src/nodes/autofocus-node.ts";
import { createFocusStrategyNode } from "../../src/nodes/focus-strategy-node.ts";
import { createMotorDriverNode } from "../../src/nodes/motor-driver-node.ts";
import type { RunningNode } from "../../src/nodes/types.ts";
import { AutofocusError } from "../../src/core/errors.ts";
import { SimulatedLens } from "../../src/drivers/simulator/simulated-lens.ts";
import { AutofocusStateMsg, DiagnosticStatusMsg, type DiagnosticArrayMsg } from "../../src/ros/messages.ts";
import { LATCHED_QOS, type RosNode } from "../../src/ros/port.ts";
import { PAINTED_NETWORKS, PaintedWorld } from "../support/painted-world.ts";

const FOCUS = "intelligent_autofocus/action/Focus";
const CAPTURE = "intelligent_autofocus/action/CaptureAllInFocus";
const MOVE = "intelligent_autofocus/action/MoveLens";

describe("managed nodes", () => {
  let world: PaintedWorld;
  let user: RosNode;

  beforeEach(async () => {
    world = await PaintedWorld.start({ depth: () => 800, lens: { start: 500, speed: 100 } });
    user = await world.graph.createNode("user");
  });
  afterEach(() => world.stop());

  const change = async (node: string, label: string): Promise<boolean> => {
    const client = user.client(`/${node}/change_state`, "lifecycle_msgs/srv/ChangeState");
    return (await world.until(client.call({ transition: { label } }))).success;
  };
  const stateOf = async (node: string): Promise<string> => {
    const client = user.client(`/${node}/get_state`, "lifecycle_msgs/srv/GetState");
    return (await world.until(client.call())).current_state.label;
  };
  const autofocus = async (parameters: Record<string, unknown> = {}): Promise<RunningNode> =>
    createAutofocusNode(await world.node("autofocus", parameters), { networks: PAINTED_NETWORKS });
  const trigger = () =>
    world.until(user.client("autofocus/trigger", "std_srvs/srv/Trigger").call({}, { timeout: 60_000 }));
  const send = (goal = {}) => world.until(user.actionClient("autofocus/focus", FOCUS).sendGoal(goal));
  const hear = () => {
    const states: AutofocusStateMsg[] = [];
    user
      .subscribe("autofocus/state", "intelligent_autofocus/msg/AutofocusState", LATCHED_QOS)
      .subscribe((state) => states.push(state));
    return states;
  };

  it("does nothing by itself without autostart, and answers goals and services with the reason", async () => {
    const states = hear();
    const running = await autofocus({ autostart: false });
    await world.advance(3000);
    expect(await stateOf("autofocus")).to.equal("unconfigured");
    expect(states).to.deep.equal([]);
    const { status, result } = await world.until((await send()).outcome);
    expect(status).to.equal("aborted");
    expect(result.error_code).to.equal(ERROR_CODES.inactive);
    expect(result.error_msg).to.include("ros2 lifecycle set /autofocus activate");
    expect(await trigger()).to.deep.include({ success: false, message: result.error_msg });
    expect(await change("autofocus", "activate")).to.equal(false);
    expect(await change("autofocus", "configure")).to.equal(true);
    expect(await change("autofocus", "activate")).to.equal(true);
    await running.ready;
    expect((await trigger()).success).to.equal(true);
  });

  it("focuses on a trigger, tells how it went, and is preempted like a goal", async () => {
    await world.until((await autofocus()).ready);
    const { success, message } = await trigger();
    expect(success).to.equal(true);
    expect(message).to.match(/^In focus at \d+\.\d after \d+ captures and \d+ moves\.$/);
    const first = user.client("autofocus/trigger", "std_srvs/srv/Trigger").call({}, { timeout: 60_000 });
    await world.advance(50);
    const second = await trigger();
    expect(await first).to.deep.equal({ success: false, message: "A newer goal took over." });
    expect(second.success).to.equal(true);
  });

  it("ends a goal when it is deactivated, halts the lens, and says so", async () => {
    const states = hear();
    await world.until((await autofocus()).ready);
    const goal = await send({ search: "coarse-fine" });
    await world.advance(1000);
    expect(await change("autofocus", "deactivate")).to.equal(true);
    const { status, result } = await world.until(goal.outcome);
    expect(status).to.equal("aborted");
    expect(result).to.deep.include({
      error_code: ERROR_CODES.inactive,
      error_msg: "The node /autofocus was deactivated.",
    });
    expect(states.at(-1)?.state).to.equal(AutofocusStateMsg.STATE_IDLE);
    const position = world.position;
    const { length } = states;
    await world.advance(2000);
    expect(world.position).to.equal(position);
    expect(states.length).to.equal(length);
    expect(await change("autofocus", "activate")).to.equal(true);
    expect((await trigger()).success).to.equal(true);
  });

  it("lets the strategy go on as video when it is active again", async () => {
    const node = await world.node("focus_strategy", { enabled: true });
    const looks: number[] = [];
    user
      .subscribe("focus_strategy/activation", "intelligent_autofocus/msg/ActivationMatrix")
      .subscribe(({ position }) => looks.push(position));
    await world.until(createFocusStrategyNode(node, { networks: PAINTED_NETWORKS }).ready);
    await world.untilTrue(() => looks.length > 1);
    expect(await change("focus_strategy", "deactivate")).to.equal(true);
    const { length } = looks;
    await world.advance(2000);
    expect(looks.length).to.equal(length);
    const capture = await world.until(user.actionClient("focus_strategy/capture", CAPTURE).sendGoal());
    expect((await world.until(capture.outcome)).result.error_code).to.equal(ERROR_CODES.inactive);
    expect(await change("focus_strategy", "activate")).to.equal(true);
    await world.untilTrue(() => looks.length > length);
  });

  it("stops the lens and the frames when the drivers are deactivated, and can be cleaned up and started anew", async () => {
    let frames = 0;
    user.subscribe("frame_focus", "intelligent_autofocus/msg/FrameFocus").subscribe(() => frames++);
    const goal = await world.until(
      user.actionClient("lens/move", MOVE).sendGoal({ position: 1000, timeout: 60 }),
    );
    await world.advance(1000);
    for (const node of ["motor_driver", "camera_driver"])
      expect(await change(node, "deactivate"), node).to.equal(true);
    expect((await world.until(goal.outcome)).result.error_code).to.equal(ERROR_CODES.inactive);
    const at = world.position;
    expect(at).to.be.within(510, 900);
    frames = 0;
    await world.advance(2000);
    expect([world.position, frames]).to.deep.equal([at, 0]);
    for (const transition of ["cleanup", "configure", "activate"])
      for (const node of ["motor_driver", "camera_driver"])
        expect(await change(node, transition), `${node} ${transition}`).to.equal(true);
    await world.untilTrue(() => frames > 2);
    expect(await change("camera_driver", "shutdown")).to.equal(true);
    expect(await stateOf("camera_driver")).to.equal("finalized");
    expect(await change("camera_driver", "configure")).to.equal(false);
  });

  describe("whose lens is missing", () => {
    let isThere: boolean;
    let levels: (readonly [number, string])[];

    async function start(autostart: boolean): Promise<RunningNode> {
      isThere = false;
      levels = [];
      user
        .subscribe("/diagnostics", "diagnostic_msgs/msg/DiagnosticArray")
        .subscribe(({ status }: DiagnosticArrayMsg) => {
          for (const { name, level, message } of status)
            if (name === "/other/motor_driver") levels.push([level, message]);
        });
      const node = await world.graph.createNode("motor_driver", {
        namespace: "other",
        parameters: { autostart, reopen_period: 0.5, reopen_period_max: 0.5 },
      });
      return createMotorDriverNode(node, {
        createLens: (_settings, clock) =>
          isThere
            ? Promise.resolve(new SimulatedLens({ range: { min: 0, max: 100 }, clock }))
            : Promise.reject(new AutofocusError("lens_open_failed", "no such port", { cure: "Plug it in." })),
        loadModel: () => Promise.resolve(undefined),
      });
    }

    it("refuses to activate with the reason, until it is there", async () => {
      await start(false);
      expect(await change("other/motor_driver", "configure")).to.equal(true);
      expect(await change("other/motor_driver", "activate")).to.equal(false);
      expect(await stateOf("other/motor_driver")).to.equal("inactive");
      const logged = world.logs.map(({ message }) => message);
      expect(logged).to.include("activate failed: no such port Plug it in. (lens_open_failed)");
      await world.advance(1100);
      expect(levels.at(-1)).to.deep.equal([DiagnosticStatusMsg.ERROR, "no such port"]);
      isThere = true;
      await world.advance(600);
      expect(await change("other/motor_driver", "activate")).to.equal(true);
      await world.advance(1100);
      expect(levels.at(-1)).to.deep.equal([DiagnosticStatusMsg.OK, "active"]);
    });

    it("starts by itself as soon as it is there", async () => {
      const running = await start(true);
      await world.advance(3000);
      expect(await stateOf("other/motor_driver")).to.equal("inactive");
      isThere = true;
      await world.until(running.ready, 2000);
    });

    it("leaves itself alone once somebody else has taken over", async () => {
      await start(true);
      await world.advance(100);
      expect(await change("other/motor_driver", "cleanup")).to.equal(true);
      isThere = true;
      await world.advance(5000);
      expect(await stateOf("other/motor_driver")).to.equal("unconfigured");
    });
  });
});
