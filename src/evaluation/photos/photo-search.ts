/** One focus search on the simulated camera over a photograph: what `focus --photos` and `evaluate` count. */
import { SEARCHES, type SearchName } from "../../algorithms/search/index.ts";
import { systemClock } from "../../core/clock.ts";
import { seededRandom, uniformInt } from "../../core/random.ts";
import type { Steps } from "../../core/units.ts";
import type { Networks } from "../../pipeline/networks.ts";
import { runSearch, type FocusDevice } from "../../pipeline/search-runner.ts";
import { measureWindows } from "../../pipeline/window-meter.ts";
import { mix } from "../seeds.ts";
import type { PhotoCamera } from "./photo-camera.ts";
import { reportRun, type RunReport } from "./run-report.ts";

/** Captures a run may take: the longest search travels the whole range in the smallest steps. */
const MAX_CAPTURES = 500;

/** @param seed of the noise of the captures and of what the search draws. */
export async function runOnPhoto(
  camera: PhotoCamera,
  networks: Networks,
  search: SearchName,
  start: Steps,
  seed: number,
): Promise<RunReport> {
  const { lens } = camera;
  const generator = SEARCHES[search]({
    start,
    range: lens.range,
    depthOfField: (z) => lens.depthOfField(z),
    lens,
    limits: { maxCaptures: MAX_CAPTURES },
    random: seededRandom(seed),
  });
  const run = await runSearch(generator, photoDevice(camera, networks, start, mix(seed, 1)), {
    clock: systemClock,
    maxCaptures: MAX_CAPTURES,
  });
  return reportRun(search, start, run, camera.z0, lens.depthOfField(run.result.position));
}

function photoDevice(camera: PhotoCamera, networks: Networks, start: Steps, seed: number): FocusDevice {
  const noise = seededRandom(seed);
  let position = start;
  return {
    position: () => position,
    measure: async ({ moveTo, measure, contrast }) => {
      position = moveTo;
      const frame = await camera.capture(position, uniformInt(noise, 0, 2 ** 31));
      const window = { x: 0, y: 0, width: frame.width, height: frame.height };
      return measureWindows(measure, frame, [window], position, networks, contrast);
    },
  };
}
