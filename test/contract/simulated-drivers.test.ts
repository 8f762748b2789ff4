import { rm } from "node:fs/promises";
import { SteppedClock, systemClock } from "../../src/core/clock.ts";
import { zerosF32 } from "../../src/core/image.ts";
import { openStack } from "../../src/drivers/replay/focal-stack.ts";
import { ReplayCamera } from "../../src/drivers/replay/replay-camera.ts";
import { ReplayLens } from "../../src/drivers/replay/replay-lens.ts";
import { PhotoScene } from "../../src/drivers/simulator/photo-scene.ts";
import { SimulatedCamera } from "../../src/drivers/simulator/simulated-camera.ts";
import { SimulatedLens } from "../../src/drivers/simulator/simulated-lens.ts";
import { linearLens } from "../support/linear-lens.ts";
import { makeStack } from "../support/stack.ts";
import { cameraDriverContract } from "./camera-driver.ts";
import { lensDriverContract } from "./lens-driver.ts";

const range = { min: 0, max: 1000 };

lensDriverContract("simulated, stepped time", () => {
  const clock = new SteppedClock();
  return Promise.resolve({ clock, driver: new SimulatedLens({ range, clock }) });
});

lensDriverContract("simulated, with play and swing", () => {
  const clock = new SteppedClock(5000);
  const driver = new SimulatedLens({
    range,
    clock,
    backlash: 12,
    overshoot: 0.1,
    settlingTime: 50,
    start: 10,
  });
  return Promise.resolve({ clock, driver });
});

lensDriverContract("simulated, real time", () => {
  const clock = systemClock;
  return Promise.resolve({
    clock,
    driver: new SimulatedLens({ range, clock, speed: 50_000, settlingTime: 2 }),
  });
});

cameraDriverContract("simulated, stepped time", () => {
  const clock = new SteppedClock();
  return Promise.resolve({ clock, driver: camera(clock) });
});

cameraDriverContract("simulated, real time", () => {
  return Promise.resolve({ clock: systemClock, driver: camera(systemClock) });
});

describe("replay", () => {
  let folder = "";
  before(async () => {
    folder = await makeStack({ names: Array.from({ length: 20 }, (_, index) => `frame${index + 1}.png`) });
  });
  after(() => rm(folder, { recursive: true }));

  lensDriverContract("replay", async () => {
    const clock = new SteppedClock();
    return { clock, driver: new ReplayLens({ stack: await openStack(folder), clock }) };
  });

  cameraDriverContract("replay", async () => {
    const clock = new SteppedClock();
    const stack = await openStack(folder);
    return { clock, driver: new ReplayCamera({ stack, lens: { positionAt: () => 2 }, clock }) };
  });
});

function camera(clock: typeof systemClock): SimulatedCamera {
  const lens = new SimulatedLens({ range, clock });
  const scene = new PhotoScene(zerosF32(32, 24), 500, { lens: linearLens(), reference: 500 });
  return new SimulatedCamera({ scene, lens, clock, frameRate: 200, exposure: 1 });
}
