/**
 * Focuses a camera and a lens of your own: replace `moveLens` and `capture` by calls to your devices.
 *
 *     npx tsx examples/own-camera.ts
 *
 * In a project of your own import from "intelligent-autofocus".
 */
import {
  DefocusEstimator,
  expose,
  loadLens,
  measureWindows,
  PaperNetworks,
  PhotoScene,
  poster,
  runSearch,
  SEARCHES,
  seededRandom,
  SharpnessEstimator,
  systemClock,
  type FocusDevice,
  type ImageU8,
} from "../src/index.ts";

const lens = await loadLens("evetar-25mm");
const scene = new PhotoScene(poster({ width: 640, height: 640, channels: 1 }, seededRandom(5)), 1420, {
  lens,
  reference: 1420,
});

let position = 1900;

/** Your motor: resolves when the lens stands still at `target`. */
async function moveLens(target: number): Promise<void> {
  position = await Promise.resolve(target);
}

/** Your camera: a gray 8-bit frame, exposed after the lens came to rest. */
async function capture(): Promise<ImageU8> {
  return expose(await scene.render(position, 0), {
    gain: 1,
    gamma: 2.2,
    shotNoise: 4000,
    readNoise: 0.002,
    seed: 1,
  });
}

const networks = {
  defocus: () => DefocusEstimator.load(),
  steps: () => PaperNetworks.load(),
  sharpness: () => SharpnessEstimator.load(),
};
const device: FocusDevice = {
  position: () => position,
  measure: async ({ moveTo, measure }) => {
    if (moveTo !== position) await moveLens(moveTo);
    const frame = await capture();
    const window = { x: 0, y: 0, width: frame.width, height: frame.height };
    return measureWindows(measure, frame, [window], position, networks);
  },
};

const search = SEARCHES.learned({
  start: position,
  range: lens.range,
  depthOfField: (z) => lens.depthOfField(z),
  lens,
  limits: { maxCaptures: 50 },
  random: seededRandom(1),
});
const { result, cost } = await runSearch(search, device, {
  clock: systemClock,
  onStep: ({ request, measurement }) => {
    console.log(`${measurement.position}: ${request.reason}`);
  },
});
console.log(`${result.outcome} at ${result.position} after ${cost.moves} moves. ${result.reason}`);
