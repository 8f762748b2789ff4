/** camera_driver and motor_driver with the drivers that the factory makes, in stepped time. */
import { expect } from "chai";
import { ERROR_CODES } from "../../src/core/errors.ts";
import { SteppedClock } from "../../src/core/clock.ts";
import { createLens, lensModelOf } from "../../src/drivers/factory.ts";
import { cameraFactory } from "../../src/nodes/camera-factory.ts";
import { createCameraDriverNode } from "../../src/nodes/camera-driver-node.ts";
import { createMotorDriverNode } from "../../src/nodes/motor-driver-node.ts";
import type { RunningNode } from "../../src/nodes/types.ts";
import { focusedFrames, type FocusedFrame } from "../../src/pipeline/focused-frames.ts";
import { EmbeddedGraph } from "../../src/ros/embedded-graph.ts";
import { IMAGE_SUBSCRIPTION_QOS, type RosNode } from "../../src/ros/port.ts";
import { withStack } from "../support/stack.ts";

const MOVE = "intelligent_autofocus/action/MoveLens";
const SMALL = { "simulated.width": 64, "simulated.height": 48, frame_rate: 20 };

describe("driver nodes with the drivers of the factory", () => {
  let clock: SteppedClock;
  let graph: EmbeddedGraph;
  let user: RosNode;
  let nodes: RunningNode[];
  let frames: FocusedFrame[];
  let logged: string[];

  async function start(camera: Record<string, unknown>, motor: Record<string, unknown>): Promise<void> {
    clock = new SteppedClock(1_000_000);
    logged = [];
    graph = new EmbeddedGraph({ clock, sink: ({ level, message }) => logged.push(`${level}: ${message}`) });
    user = await graph.createNode("user");
    frames = [];
    focusedFrames(
      user.subscribe("image_raw", "sensor_msgs/msg/Image", IMAGE_SUBSCRIPTION_QOS),
      user.subscribe("frame_focus", "intelligent_autofocus/msg/FrameFocus", IMAGE_SUBSCRIPTION_QOS),
    ).subscribe((frame) => frames.push(frame));
    const cameraNode = await graph.createNode("camera_driver", { parameters: camera });
    nodes = [
      createMotorDriverNode(await graph.createNode("motor_driver", { parameters: motor }), {
        createLens,
        loadModel: lensModelOf,
      }),
      createCameraDriverNode(cameraNode, {
        createCamera: cameraFactory(cameraNode),
        loadModel: lensModelOf,
      }),
    ];
  }
  afterEach(() => graph.shutdown());

  /** Lets time go on until the work is done. */
  async function until<T>(work: Promise<T>): Promise<T> {
    let isDone = false;
    const done = (): void => void (isDone = true);
    work.then(done, done);
    const goesOn = (): boolean => !isDone;
    while (goesOn()) await clock.advance(10);
    return work;
  }

  const ready = () => until(Promise.all(nodes.map((node) => node.ready)));

  async function moveTo(position: number) {
    const sent = await until(user.actionClient("lens/move", MOVE).sendGoal({ position }));
    return until(sent.outcome);
  }

  async function nextSettled(): Promise<FocusedFrame> {
    const begin = clock.now();
    for (;;) {
      const found = frames.find(({ stamp, settled }) => settled && stamp >= begin);
      if (found !== undefined) return found;
      await clock.advance(10);
    }
  }

  it("replays a focal stack: the picture is the frame at which the lens stands", async () => {
    await withStack({ names: ["a2.png", "a4.png", "a8.png"] }, async (folder) => {
      const stack = { driver: "replay", "replay.stack": folder };
      await start({ ...stack, frame_rate: 20 }, stack);
      await ready();
      expect((await nextSettled()).position).to.equal(2);
      const { status, result } = await moveTo(8);
      expect(status).to.equal("succeeded");
      expect(result.state).to.include({ position: 8, min_position: 2, max_position: 8 });
      expect(result.state.dioptres).to.be.NaN;
      const { message, position } = await nextSettled();
      expect(position).to.equal(8);
      expect(message).to.include({ width: 12, height: 8, encoding: "mono8" });
      expect(message.data[0]).to.equal(50);
    });
  });

  it("simulates a camera and a lens: what is near is sharp when the lens is near", async () => {
    await start({ ...SMALL, "simulated.shot_noise": 0, "simulated.read_noise": 0 }, {});
    await ready();
    const contrast = async (position: number): Promise<number> => {
      expect((await moveTo(position)).status).to.equal("succeeded");
      const { message, position: at } = await nextSettled();
      expect(at).to.equal(position);
      expect(message).to.include({ width: 64, height: 48, encoding: "rgb8" });
      // The lowest rows show the nearest part of the floor.
      const rows = message.data.subarray(44 * message.step);
      return rows.reduce((sum, value, index) => sum + Math.abs(value - (rows[index + 3] ?? value)), 0);
    };
    expect(await contrast(1000)).to.be.greaterThan(1.2 * (await contrast(450)));
  });

  it("moves things through the procedural scene when asked to", async () => {
    await start(
      { ...SMALL, "simulated.motion": true, "simulated.shot_noise": 0, "simulated.read_noise": 0 },
      {},
    );
    await ready();
    const first = await nextSettled();
    await clock.advance(1000);
    const later = await nextSettled();
    expect(later.position).to.equal(first.position);
    expect(later.message.data).to.not.deep.equal(first.message.data);
  });

  it("calls no frame settled that was exposed while the lens moved", async () => {
    await start(SMALL, { "simulated.speed": 500 });
    await ready();
    await nextSettled();
    frames = [];
    const begin = clock.now();
    await moveTo(1000);
    const end = clock.now();
    await nextSettled();
    const during = frames.filter(({ stamp }) => stamp > begin + 10 && stamp < end - 50);
    expect(during.length).to.be.greaterThan(5);
    expect(during.some(({ settled }) => settled)).to.equal(false);
    const positions = during.map(({ position }) => position);
    expect(positions).to.deep.equal([...positions].sort((a, b) => a - b));
  });

  it("opens a camera again that went away", async () => {
    await start({ ...SMALL, "simulated.fail_after": 3 }, {});
    await ready();
    // Opening reads files, which takes time that the stepped clock does not see.
    while (frames.length <= 3) await clock.advance(100);
    expect(logged.filter((line) => line.startsWith("error: camera"))[0]).to.include("(camera_stopped)");
  });

  it("says what is wrong with files and folders, and lives on", async () => {
    await start(
      { driver: "replay" },
      { driver: "replay", "replay.stack": "/no/such/folder", reopen_period: 0.1, reopen_period_max: 0.1 },
    );
    await clock.advance(300);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const text = logged.join("\n");
    expect(text).to.include(
      "The driver replay needs a focal stack. Name its folder in the parameter replay.stack.",
    );
    expect(text).to.include("/no/such/folder");
    const { status, result } = await moveTo(5);
    expect(status).to.equal("aborted");
    expect(result.error_code).to.equal(ERROR_CODES.inactive);
    expect(result.error_msg).to.include("/no/such/folder");
  });

  it("says what is wrong with a lens file", async () => {
    await start({ ...SMALL, lens: "nobodys-lens" }, {});
    await clock.advance(100);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(logged.join("\n")).to.match(/error: camera .*nobodys-lens.*\(invalid_lens_file\)/s);
  });
});
