/** `focus --stack`: searches on a real focal stack, where the number of a frame is its focus position. */
import { SEARCHES, type SearchName } from "../../algorithms/search/index.ts";
import { systemClock } from "../../core/clock.ts";
import { toGray } from "../../core/native/index.ts";
import { seededRandom } from "../../core/random.ts";
import type { Roi } from "../../core/roi.ts";
import type { Steps } from "../../core/units.ts";
import type { FocalStack } from "../../drivers/replay/focal-stack.ts";
import { toEightBit } from "../../io/picture.ts";
import type { Networks } from "../../pipeline/networks.ts";
import { runSearch, type FocusDevice } from "../../pipeline/search-runner.ts";
import { measureWindows } from "../../pipeline/window-meter.ts";
import { reportRun, type RunReport } from "../../evaluation/photos/run-report.ts";

/** A frame is in focus when it is the nearest to the true position, which may lie between two. */
export const STACK_DEPTH_OF_FIELD: Steps = 0.5;

/** Searches that need no lens model and no network of a lens. */
export const STACK_SEARCHES = [
  "fibonacci",
  "rule-based",
  "hill-climbing",
  "curve-fit",
  "coarse-fine",
] as const satisfies readonly SearchName[];

export interface StackRun extends RunReport {
  /** The frame in which the window is sharpest by the best-focus map of the stack, null where it has none. */
  readonly truth: Steps | null;
}

/** Every search on the frames of `stack`, over `window`, from the frame `start`. */
export async function runStack(
  stack: FocalStack,
  window: Roi,
  searches: readonly (typeof STACK_SEARCHES)[number][],
  start: Steps,
  onSearch: (search: SearchName) => void,
): Promise<StackRun[]> {
  const truth = stack.trueFocus(window);
  const range = { min: stack.positions[0] as Steps, max: stack.positions.at(-1) as Steps };
  const maxCaptures = 2 * (range.max - range.min + 1) + 1;
  const runs: StackRun[] = [];
  for (const search of searches) {
    const generator = SEARCHES[search]({
      start,
      range,
      depthOfField: () => STACK_DEPTH_OF_FIELD,
      limits: { maxCaptures },
      random: seededRandom(0),
    });
    const run = await runSearch(generator, stackDevice(stack, window, start), {
      clock: systemClock,
      maxCaptures,
    });
    runs.push({ ...reportRun(search, start, run, truth, STACK_DEPTH_OF_FIELD), truth: truth ?? null });
    onSearch(search);
  }
  return runs;
}

function stackDevice(stack: FocalStack, window: Roi, start: Steps): FocusDevice {
  let position = start;
  return {
    position: () => position,
    measure: async ({ moveTo, measure }) => {
      position = stack.nearest(moveTo);
      const gray = await toGray(toEightBit(await stack.read(position)));
      return measureWindows(measure, gray, [window], position, NO_NETWORKS);
    },
  };
}

const refuse = (): Promise<never> => Promise.reject(new Error("A stack is searched by contrast alone."));
const NO_NETWORKS: Networks = { defocus: refuse, steps: refuse };
