import { expect } from "chai";
import { createFusionNode } from "../../src/nodes/fusion-node.ts";
import { createFocusStrategyNode } from "../../src/nodes/focus-strategy-node.ts";
import type { CameraInfoMsg, CompressedImageMsg, ImageMsg } from "../../src/ros/messages.ts";
import type { RosNode } from "../../src/ros/port.ts";
import { header } from "../../src/ros/time.ts";
import { sharperWeigher } from "../support/sharper-weigher.ts";
import { HEIGHT, PAINTED_NETWORKS, PaintedWorld, WIDTH } from "../support/painted-world.ts";

interface Rig {
  readonly world: PaintedWorld;
  readonly user: RosNode;
  readonly images: ImageMsg[];
  readonly depths: ImageMsg[];
}

const DEPENDENCIES = { weigher: () => Promise.resolve(sharperWeigher) };

const depth = (x: number): number => (x < WIDTH / 2 ? 550 : 850);

describe("the node fusion", () => {
  let world: PaintedWorld;

  async function start(parameters: Record<string, unknown>): Promise<Rig> {
    world = await PaintedWorld.start({ depth, lens: { start: 600 } });
    const fusion = createFusionNode(await world.node("fusion", parameters), DEPENDENCIES);
    await world.until(fusion.ready);
    const user = await world.graph.createNode("user");
    const images: ImageMsg[] = [];
    const depths: ImageMsg[] = [];
    user.subscribe("all_in_focus/image", "sensor_msgs/msg/Image").subscribe((each) => images.push(each));
    user.subscribe("all_in_focus/depth", "sensor_msgs/msg/Image").subscribe((each) => depths.push(each));
    return { world, user, images, depths };
  }

  async function moveTo(user: RosNode, position: number): Promise<void> {
    const client = user.actionClient("lens/move", "intelligent_autofocus/action/MoveLens");
    const sent = await world.until(client.sendGoal({ position }));
    expect((await world.until(sent.outcome)).status).to.equal("succeeded");
  }

  afterEach(() => world.stop());

  it("makes video of the frames taken with the lens at rest, with depth, camera_info and JPEG for those who listen", async () => {
    const { user, images, depths } = await start({});
    const infos: CameraInfoMsg[] = [];
    const compressed: CompressedImageMsg[] = [];
    user
      .subscribe("all_in_focus/camera_info", "sensor_msgs/msg/CameraInfo")
      .subscribe((each) => infos.push(each));
    user
      .subscribe("all_in_focus/image/compressed", "sensor_msgs/msg/CompressedImage")
      .subscribe((each) => compressed.push(each));
    await world.untilTrue(() => images.length >= 2);
    await moveTo(user, 850);
    const { length } = images;
    await world.untilTrue(() => images.length >= length + 3 && compressed.length > 1);
    expect(images[0]).to.include({ width: WIDTH, height: HEIGHT, encoding: "mono8" });
    expect(depths[0]).to.include({ width: WIDTH, height: HEIGHT, encoding: "32FC1" });
    expect(depths).to.have.length(images.length);
    const stamps = (messages: readonly { readonly header: ImageMsg["header"] }[]) =>
      messages.map(({ header: { stamp } }) => stamp.sec + stamp.nanosec / 1e9);
    expect(stamps(depths)).to.deep.equal(stamps(images));
    expect(stamps(infos)).to.deep.equal(stamps(images));
    expect(infos[0]).to.include({ width: WIDTH, height: HEIGHT });
    expect(compressed[0]!.format).to.equal("jpeg");
    expect([...compressed[0]!.data.subarray(0, 2)]).to.deep.equal([0xff, 0xd8]);
    const positions = new Set(new Float32Array(depths.at(-1)!.data.slice().buffer));
    for (const position of positions) expect([600, 850]).to.include(position);
  });

  it("leaves out frames that lie and begins anew when their size changes", async () => {
    const { user, images } = await start({});
    const raw = user.publish("image_raw", "sensor_msgs/msg/Image");
    const focus = user.publish("frame_focus", "intelligent_autofocus/msg/FrameFocus");
    await world.untilTrue(() => images.length >= 2);
    const send = (width: number, height: number, data: Uint8Array): void => {
      const stamped = header(world.clock.now() + 0.5, "other");
      raw.publish({ header: stamped, width, height, encoding: "mono8", is_bigendian: 0, step: width, data });
      focus.publish({ header: stamped, position: 600, position_uncertainty: 0, exposure: 0, settled: true });
    };
    send(640, 384, new Uint8Array(7));
    await world.untilTrue(() =>
      world.logs.some(({ message }) => message.startsWith("A frame was not fused")),
    );
    send(64, 48, new Uint8Array(64 * 48).fill(99));
    await world.untilTrue(() => images.some(({ width }) => width === 64));
    expect(images.find(({ width }) => width === 64)!.data.every((value) => value === 99)).to.equal(true);
    const { length } = images;
    await world.untilTrue(() => images.length > length && images.at(-1)?.width === WIDTH);
  });

  it("does nothing while nobody listens", async () => {
    world = await PaintedWorld.start({ depth });
    const fusion = createFusionNode(await world.node("fusion"), DEPENDENCIES);
    await world.until(fusion.ready);
    await world.advance(500);
    const user = await world.graph.createNode("user");
    const images: ImageMsg[] = [];
    user.subscribe("all_in_focus/image", "sensor_msgs/msg/Image").subscribe((each) => images.push(each));
    await world.untilTrue(() => images.length > 0);
  });

  it("fuses a still scene once the strategy has seen all of it", async () => {
    const { images, depths } = await start({ method: "stack" });
    const strategy = createFocusStrategyNode(await world.node("focus_strategy", { patch_size: 128 }), {
      networks: PAINTED_NETWORKS,
    });
    await world.until(strategy.ready);
    await world.advance(500);
    expect(images).to.have.length(0);
    const user = await world.graph.createNode("starter");
    const client = user.actionClient(
      "focus_strategy/capture",
      "intelligent_autofocus/action/CaptureAllInFocus",
    );
    const sent = await world.until(client.sendGoal());
    const { result } = await world.until(sent.outcome);
    await world.untilTrue(() => images.length > 0);
    expect(images).to.have.length(1);
    expect(depths).to.have.length(1);
    expect(images[0]!.data).to.deep.equal(result.image.data);
  });

  it("says what is wrong with its parameters, and lives", async () => {
    world = await PaintedWorld.start({ depth });
    const fusion = createFusionNode(await world.node("fusion", { lens: "nothing-like-this" }), DEPENDENCIES);
    await world.untilTrue(() => world.logs.some(({ message }) => message.includes("invalid_lens_file")));
    await fusion.stop();
  });
});
