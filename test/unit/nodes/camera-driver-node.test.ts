import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "chai";
import { Subject } from "rxjs";
import { SteppedClock } from "../../../src/core/clock.ts";
import { AutofocusError } from "../../../src/core/errors.ts";
import type { Frame } from "../../../src/core/frame.ts";
import { image } from "../../../src/core/image.ts";
import type { CameraDriver, CameraInfo } from "../../../src/drivers/camera.ts";
import { createCameraDriverNode } from "../../../src/nodes/camera-driver-node.ts";
import type { RunningNode } from "../../../src/nodes/types.ts";
import { EmbeddedGraph } from "../../../src/ros/embedded-graph.ts";
import { newMessage } from "../../../src/ros/message.ts";
import { DiagnosticStatusMsg, type CameraInfoMsg, type MessageTypes } from "../../../src/ros/messages.ts";
import {
  IMAGE_SUBSCRIPTION_QOS,
  LATCHED_QOS,
  type Init,
  type MessageType,
  type RosNode,
} from "../../../src/ros/port.ts";
import { fromTime, header } from "../../../src/ros/time.ts";
import { decode } from "../../../src/io/picture.ts";
import { linearLens } from "../../support/linear-lens.ts";
import { eventually } from "../../support/async.ts";

const pixels = Uint8Array.from({ length: 48 }, (_, index) => 5 * index);

class FakeCamera implements CameraDriver {
  readonly frames = new Subject<Frame>();
  readonly frames$ = this.frames.asObservable();
  closed = false;
  readonly #openError: AutofocusError | undefined;

  constructor(openError?: AutofocusError) {
    this.#openError = openError;
  }
  open(): Promise<void> {
    return this.#openError === undefined ? Promise.resolve() : Promise.reject(this.#openError);
  }
  info(): CameraInfo {
    return { width: 8, height: 6, channels: 1, model: "fake", frameId: "optical" };
  }
  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }
  deliver(stamp: number, sequence = 0): void {
    this.frames.next({
      image: image(8, 6, 1, pixels),
      stamp,
      exposure: 10,
      sequence,
      frameId: "optical",
    });
  }
}

describe("camera_driver", () => {
  const START = 1_000_000;
  let clock: SteppedClock;
  let graph: EmbeddedGraph;
  let user: RosNode;
  let running: RunningNode;
  let cameras: FakeCamera[];
  let logged: string[];
  let failures: AutofocusError[];

  beforeEach(async () => {
    clock = new SteppedClock(START);
    logged = [];
    graph = new EmbeddedGraph({ clock, sink: ({ level, message }) => logged.push(`${level}: ${message}`) });
    user = await graph.createNode("user", { namespace: "/cam" });
    cameras = [];
    failures = [];
  });
  afterEach(() => graph.shutdown());

  async function start(parameters: Record<string, unknown> = {}): Promise<void> {
    const node = await graph.createNode("camera_driver", { namespace: "/cam", parameters });
    running = createCameraDriverNode(node, {
      createCamera: () => {
        const camera = new FakeCamera(failures.shift());
        cameras.push(camera);
        return Promise.resolve(camera);
      },
      loadModel: () =>
        Promise.resolve({ ...linearLens(), scale: (z0: number, z: number) => 1 + (z - z0) / 1000 }),
    });
    await clock.advance(0);
  }

  function hear<M extends MessageType>(topic: string, type: M): MessageTypes[M][] {
    const heard: MessageTypes[M][] = [];
    user.subscribe(topic, type, IMAGE_SUBSCRIPTION_QOS).subscribe((message) => heard.push(message));
    return heard;
  }

  function lensSays(stamp: number, position: number, moving: boolean): void {
    const publisher = user.publish("lens/state", "intelligent_autofocus/msg/LensState", LATCHED_QOS);
    publisher.publish(
      newMessage("intelligent_autofocus/msg/LensState", { header: header(stamp, ""), position, moving }),
    );
  }

  it("publishes picture, calibration and focus with one stamp, the pixels by reference", async () => {
    const images = hear("image_raw", "sensor_msgs/msg/Image");
    const infos = hear("camera_info", "sensor_msgs/msg/CameraInfo");
    const focuses = hear("frame_focus", "intelligent_autofocus/msg/FrameFocus");
    await start();
    lensSays(START - 50, 700, false);
    await clock.advance(20);
    cameras[0]?.deliver(START);
    lensSays(START + 15, 700, false);
    await clock.advance(5);
    const [picture] = images;
    expect(picture).to.include({ width: 8, height: 6, encoding: "mono8", step: 8, is_bigendian: 0 });
    expect(picture?.data.buffer).to.equal(pixels.buffer);
    expect(picture?.header.frame_id).to.equal("optical");
    expect(fromTime(picture!.header.stamp)).to.equal(START);
    expect(infos[0]).to.deep.include({ header: picture?.header, width: 8, height: 6, distortion_model: "" });
    expect(infos[0]?.k[0]).to.equal(0);
    expect(focuses).to.deep.equal([
      { header: picture?.header, position: 700, position_uncertainty: 0, exposure: 0.01, settled: true },
    ]);
  });

  it("waits for the lens as long as it is told, and then says what it knows", async () => {
    const focuses = hear("frame_focus", "intelligent_autofocus/msg/FrameFocus");
    await start({ lens_state_patience: 0.03 });
    cameras[0]?.deliver(START);
    await clock.advance(29);
    expect(focuses).to.deep.equal([]);
    await clock.advance(1);
    expect(focuses[0]).to.include({ settled: false });
    expect(focuses[0]?.position).to.be.NaN;
  });

  it("calls no frame settled when the lens has gone silent", async () => {
    const focuses = hear("frame_focus", "intelligent_autofocus/msg/FrameFocus");
    await start({ lens_state_timeout: 0.5 });
    lensSays(START, 700, false);
    await clock.advance(600);
    cameras[0]?.deliver(START + 590);
    await clock.advance(20);
    expect(focuses[0]).to.include({ settled: false });
  });

  it("lets the calibration follow focus breathing", async () => {
    const infos = hear("camera_info", "sensor_msgs/msg/CameraInfo");
    await start({ focal_length: 1000, calibrated_position: 500 });
    lensSays(START - 50, 600, false);
    await clock.advance(1);
    cameras[0]?.deliver(START);
    await clock.advance(1);
    expect(Array.from(infos[0]!.k)).to.deep.equal([1100, 0, 3.5, 0, 1100, 2.5, 0, 0, 1]);
    expect(infos[0]?.p[0]).to.equal(1100);
    expect(infos[0]?.distortion_model).to.equal("plumb_bob");
  });

  describe("takes a calibration", () => {
    let folder: string;
    beforeEach(async () => (folder = await mkdtemp(path.join(tmpdir(), "camera-"))));
    afterEach(() => rm(folder, { recursive: true }));
    const url = () => pathToFileURL(path.join(folder, "camera.yaml")).href;
    const k = Float64Array.of(500, 0, 4, 0, 510, 3, 0, 0, 1);
    const p = Float64Array.of(400, 0, 4, -40, 0, 410, 3, 0, 0, 0, 1, 0);
    const d = Float64Array.of(0.1, 0, 0, 0, 0);
    const calibration = { width: 8, height: 6, distortion_model: "plumb_bob", d, k, p };
    const set = (camera_info: Init<CameraInfoMsg>) =>
      user.client("set_camera_info", "sensor_msgs/srv/SetCameraInfo").call({ camera_info });
    /** The service writes files, which takes time that the stepped clock does not see. */
    const answer = async (work: ReturnType<typeof set>) => {
      let isDone = false;
      work.finally(() => (isDone = true)).catch(() => undefined);
      // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- set by the callback above
      while (!isDone) await clock.advance(1);
      return work;
    };
    async function infoAt(position: number): Promise<CameraInfoMsg | undefined> {
      const infos = hear("camera_info", "sensor_msgs/msg/CameraInfo");
      lensSays(clock.now(), position, false);
      await clock.advance(1);
      cameras.at(-1)?.deliver(clock.now());
      await clock.advance(1);
      return infos[0];
    }

    it("which it publishes, scaled as the frame is from where the lens stood, and keeps", async () => {
      await start({ camera_info_url: url() });
      await eventually(() => cameras.length === 1);
      expect(logged.join()).to.include("Uncalibrated: there is no file:");
      await clock.advance(0);
      lensSays(clock.now(), 600, false);
      await clock.advance(1);
      expect(await answer(set(calibration))).to.deep.equal({
        success: true,
        status_message: `Saved to ${url()}.`,
      });
      const info = await infoAt(700);
      expect(info).to.deep.include({ distortion_model: "plumb_bob", d });
      [550, 0, 4, 0, 561, 3, 0, 0, 1].forEach((value, at) => expect(info!.k[at]).to.be.closeTo(value, 1e-9));
      expect(info!.p[3]).to.be.closeTo(-44, 1e-9);
      expect(await readFile(path.join(folder, "camera.yaml"), "utf8")).to.include("focus_position: 600");
    });

    it("which it loads at start; a wrong one keeps it from activating, with the reason", async () => {
      await writeFile(path.join(folder, "camera.yaml"), "image_width: 8");
      await start({ camera_info_url: url(), reopen_period: 0.5 });
      await eventually(() => logged.some((line) => line.includes("camera_matrix")));
      expect(cameras.length).to.equal(0);
      const { success, status_message } = await answer(set(calibration));
      expect(success).to.equal(false);
      expect(status_message).to.match(/not active: .*camera_matrix/);
    });

    it("and refuses one that makes no sense", async () => {
      await start();
      const wrong: readonly (readonly [Init<CameraInfoMsg>, RegExp])[] = [
        [{ ...calibration, width: 640 }, /of 640x6 frames, the camera delivers 8x6/],
        [{ ...calibration, k: k.map((value) => -value) }, /focal lengths/],
        [{ ...calibration, k: k.map(() => NaN) }, /k\.0/],
        [{ ...calibration, d: d.subarray(3) }, /distortion model/],
      ];
      for (const [info, message] of wrong) {
        const { success, status_message } = await answer(set(info));
        expect(success).to.equal(false);
        expect(status_message).to.match(message);
      }
      expect((await infoAt(500))?.k[0]).to.equal(0);
      expect((await answer(set(calibration))).status_message).to.match(/^Kept until/);
      expect((await infoAt(500))?.k[0]).to.equal(500);
      expect((await answer(set({ width: 8, height: 6 }))).success).to.equal(true);
      expect((await infoAt(500))?.k[0]).to.equal(0);
    });
  });

  it("compresses only while somebody listens", async () => {
    await start();
    cameras[0]?.deliver(START);
    await clock.advance(1);
    const compressed = hear("image_raw/compressed", "sensor_msgs/msg/CompressedImage");
    cameras[0]?.deliver(START + 1);
    await eventually(() => compressed.length === 1);
    expect(compressed[0]?.format).to.equal("jpeg");
    expect(fromTime(compressed[0]!.header.stamp)).to.equal(START + 1);
    expect(await decode(compressed[0]!.data, "compressed", { channels: 1 })).to.include({
      width: 8,
      height: 6,
    });
  });

  it("tries again with longer and longer waits while the camera does not open", async () => {
    failures = ["a", "b", "c"].map((name) => new AutofocusError("camera_open_failed", `no camera ${name}`));
    await start({ reopen_period: 1, reopen_period_max: 3 });
    expect(cameras.length).to.equal(1);
    await clock.advance(1000);
    expect(cameras.length).to.equal(2);
    await clock.advance(1999);
    expect(cameras.length).to.equal(2);
    await clock.advance(1);
    expect(cameras.length).to.equal(3);
    await clock.advance(3000);
    await running.ready;
    expect(cameras.length).to.equal(4);
    expect(cameras.slice(0, 3).every(({ closed }) => closed)).to.equal(true);
    expect(logged.filter((line) => /error: camera .*no camera [abc]/.test(line)).length).to.equal(3);
  });

  it("opens a camera again that goes away, and tells diagnostics meanwhile", async () => {
    const images = hear("image_raw", "sensor_msgs/msg/Image");
    const diagnostics = hear("/diagnostics", "diagnostic_msgs/msg/DiagnosticArray");
    await start();
    cameras[0]?.frames.error(new AutofocusError("camera_stopped", "unplugged"));
    await clock.advance(10);
    expect(diagnostics.at(-1)?.status[0]).to.include({
      level: DiagnosticStatusMsg.ERROR,
      message: "unplugged",
      name: "/cam/camera_driver",
    });
    await clock.advance(1000);
    cameras[1]?.deliver(START + 1500);
    cameras[1]?.deliver(START + 1600, 3);
    await clock.advance(1000);
    expect(images.length).to.equal(2);
    expect(diagnostics.at(-1)?.status[0]?.level).to.equal(DiagnosticStatusMsg.OK);
    expect(diagnostics.at(-1)?.status[0]?.values).to.deep.equal([
      { key: "lifecycle", value: "active" },
      { key: "frames", value: "2" },
      { key: "lost", value: "2" },
      { key: "rate", value: "10.0" },
    ]);
  });

  it("opens a camera again that delivers nothing or completes", async () => {
    await start({ frame_timeout: 2 });
    await clock.advance(1900);
    cameras[0]?.deliver(START + 1900);
    await clock.advance(1900);
    expect(cameras[0]?.closed).to.equal(false);
    await clock.advance(200);
    expect(cameras[0]?.closed).to.equal(true);
    expect(logged.join("\n")).to.include("The camera delivered no frame for 2 s.");
    await clock.advance(1000);
    expect(cameras.length).to.equal(2);
    cameras[1]?.frames.complete();
    await clock.advance(0);
    await clock.advance(2000);
    expect(cameras.length).to.equal(3);
  });

  it("closes the camera and waits for nothing when the node shuts down", async () => {
    await start();
    await graph.shutdown();
    expect(cameras[0]?.closed).to.equal(true);
    expect(cameras[0]?.frames.observed).to.equal(false);
    expect(clock.nextDue).to.equal(undefined);
    await running.stop();
  });

  it("refuses parameters out of range", async () => {
    const node = await graph.createNode("bad", { parameters: { frame_rate: 0, jpeg_quality: 101 } });
    expect(() => createCameraDriverNode(node, { createCamera: never, loadModel: never }))
      .to.throw(/frame_rate.*jpeg_quality/)
      .with.property("code", "invalid_parameter");
  });
});

const never = (): Promise<never> => new Promise<never>(() => undefined);
