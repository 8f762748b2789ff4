import { expect } from "chai";
import { lastValueFrom, take, toArray } from "rxjs";
import { SteppedClock } from "../../../src/core/clock.ts";
import type { Frame } from "../../../src/core/frame.ts";
import { image } from "../../../src/core/image.ts";
import {
  SimulatedCamera,
  type SimulatedCameraOptions,
} from "../../../src/drivers/simulator/simulated-camera.ts";
import { SimulatedLens } from "../../../src/drivers/simulator/simulated-lens.ts";
import type { Scene } from "../../../src/drivers/simulator/scene.ts";
import { letPass } from "../../contract/lens-driver.ts";
import { rejection } from "../../support/async.ts";

/** A scene whose brightness is 0.25 and which remembers how it was looked at. */
function spy(): Scene & { readonly looks: { position: number; time: number }[] } {
  const looks: { position: number; time: number }[] = [];
  return {
    width: 16,
    height: 12,
    channels: 1,
    looks,
    trueFocus: () => 0,
    render: (position, time) => {
      looks.push({ position, time });
      return Promise.resolve(image(16, 12, 1, new Float32Array(192).fill(0.25)));
    },
  };
}

function make(options: Partial<SimulatedCameraOptions> = {}): {
  camera: SimulatedCamera;
  clock: SteppedClock;
  frames: (count: number) => Promise<Frame[]>;
} {
  const clock = new SteppedClock(1000);
  const lens = { positionAt: (): number => 42 };
  const camera = new SimulatedCamera({ scene: spy(), lens, clock, frameRate: 20, exposure: 10, ...options });
  const frames = (count: number): Promise<Frame[]> =>
    letPass(clock, lastValueFrom(camera.frames$.pipe(take(count), toArray())));
  return { camera, clock, frames };
}

describe("SimulatedCamera", () => {
  it("delivers frames at its rate, stamped at the beginning of the exposure", async () => {
    const { camera, frames } = make();
    await camera.open();
    expect((await frames(4)).map(({ stamp }) => stamp)).to.deep.equal([1000, 1050, 1100, 1150]);
    await camera.close();
  });

  it("shows a moving lens where it stood in the middle of the exposure", async () => {
    const clock = new SteppedClock();
    const lens = new SimulatedLens({
      range: { min: 0, max: 1000 },
      start: 0,
      clock,
      speed: 1000,
      overshoot: 0,
    });
    await lens.open();
    const scene = spy();
    const camera = new SimulatedCamera({ scene, lens, clock, frameRate: 10, exposure: 20 });
    await camera.open();
    const moving = lens.moveTo(250);
    await clock.advance(450);
    await moving;
    expect(scene.looks.map(({ position }) => position)).to.deep.equal([10, 110, 210, 250, 250]);
    expect(scene.looks.map(({ time }) => time)).to.deep.equal([10, 110, 210, 310, 410]);
    await camera.close();
  });

  it("applies gain and gamma", async () => {
    const { camera, frames } = make({ shotNoise: 0, readNoise: 0, gain: 2, gamma: 2 });
    await camera.open();
    const [frame] = await frames(1);
    // sqrt(2 * 0.25) * 255 = 180.3
    for (const value of frame!.image.data) expect(value).to.equal(180);
    await camera.close();
  });

  it("has new noise in every frame, the same for the same seed", async () => {
    const shots = async (seed: number): Promise<Frame[]> => {
      const { camera, frames } = make({ seed, readNoise: 0.05 });
      await camera.open();
      const taken = await frames(2);
      await camera.close();
      return taken;
    };
    const [first, again, other] = [await shots(7), await shots(7), await shots(90)];
    expect(first[0]!.image.data).to.deep.equal(again[0]!.image.data);
    expect(first[0]!.image.data).to.not.deep.equal(first[1]!.image.data);
    expect(first[0]!.image.data).to.not.deep.equal(other[0]!.image.data);
  });

  it("that goes away ends its frames with camera_stopped", async () => {
    const { camera, frames } = make({ failAfter: 3 });
    await camera.open();
    const error = await rejection(frames(10));
    expect(error.code).to.equal("camera_stopped");
    expect(error.cure).to.be.a("string");
  });

  it("ends its frames when the scene cannot be rendered", async () => {
    const scene: Scene = { ...spy(), render: () => Promise.reject(new Error("out of light")) };
    const { camera, frames } = make({ scene });
    await camera.open();
    const error = await rejection(frames(1));
    expect(error.code).to.equal("camera_stopped");
    expect(error.message).to.include("out of light");
  });

  for (const options of [
    { frameRate: 0 },
    { frameRate: Infinity },
    { exposure: -1 },
    { gain: 0 },
    { gamma: NaN },
    { shotNoise: -5 },
    { readNoise: NaN },
  ]) {
    it(`does not open with ${Object.entries(options).flat().join(" ")}`, async () => {
      const error = await rejection(make(options).camera.open());
      expect(error.code).to.equal("camera_open_failed");
      expect(error.message).to.include(Object.keys(options)[0]);
    });
  }

  it("does not open again once it is closed", async () => {
    const { camera } = make();
    await camera.close();
    expect((await rejection(camera.open())).code).to.equal("camera_open_failed");
  });
});
