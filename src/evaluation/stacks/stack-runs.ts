/** `focus --stack`: searches on a real focal stack, where the number of a frame is its focus position. */
import { FineLens } from "../../algorithms/optics/fine-lens.ts";
import type { LensModel } from "../../algorithms/optics/lens-model.ts";
import { SEARCHES, type Measurement, type Request, type SearchName } from "../../algorithms/search/index.ts";
import { systemClock } from "../../core/clock.ts";
import { toGray } from "../../core/native/index.ts";
import { seededRandom } from "../../core/random.ts";
import type { Roi } from "../../core/roi.ts";
import type { Steps } from "../../core/units.ts";
import type { FocalStack } from "../../drivers/replay/focal-stack.ts";
import { toEightBit } from "../../io/picture.ts";
import type { Networks } from "../../pipeline/networks.ts";
import { runSearch, type FocusDevice, type SearchRun } from "../../pipeline/search-runner.ts";
import { measureWindows } from "../../pipeline/window-meter.ts";
import { reportRun, type RunReport } from "../photos/run-report.ts";

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

/** Searches of a stack whose lens has been calibrated (`calibrate --stack`). */
export const LENS_STACK_SEARCHES = ["learned", ...STACK_SEARCHES] as const satisfies readonly SearchName[];

/** Parts of a frame's distance in which the learned search thinks. */
const PARTS = 10;

export interface StackRun extends RunReport {
  /** The frame in which the window is sharpest by the best-focus map of the stack, null where it has none. */
  readonly truth: Steps | null;
}

/** What `learned` needs beside the frames. */
export interface StackLens {
  /** Its positions are the numbers of the frames. */
  readonly lens: LensModel;
  readonly networks: Networks;
}

/** What a search asks for, in one frame of the stack; positions are left to who asks. */
export type FrameMeter = (frame: Steps, asked: Pick<Request, "measure" | "contrast">) => Promise<Measurement>;

type StackSearch = (typeof LENS_STACK_SEARCHES)[number];

/** Every search on the frames of `stack`, over `window`, from the frame `start`. */
export function runStack(
  stack: FocalStack,
  window: Roi,
  searches: readonly StackSearch[],
  start: Steps,
  onSearch: (search: SearchName) => void,
  calibrated?: StackLens,
): Promise<StackRun[]> {
  const networks = calibrated?.networks ?? NO_NETWORKS;
  const meter: FrameMeter = async (frame, { measure, contrast }) => {
    const gray = await toGray(toEightBit(await stack.read(frame)));
    return measureWindows(measure, gray, [window], frame, networks, contrast);
  };
  return runMeasured(stack, meter, stack.trueFocus(window), searches, start, onSearch, calibrated?.lens);
}

/**
 * Every search on frames that `meter` measures.
 * @param truth number of the frame that is sharpest, undefined where that is not known.
 * @param model its positions are the numbers of the frames; needed for `learned`.
 */
export async function runMeasured(
  stack: FocalStack,
  meter: FrameMeter,
  truth: Steps | undefined,
  searches: readonly StackSearch[],
  start: Steps,
  onSearch: (search: SearchName) => void,
  model?: LensModel,
): Promise<StackRun[]> {
  const range = { min: stack.positions[0] as Steps, max: stack.positions.at(-1) as Steps };
  const maxCaptures = 2 * (range.max - range.min + 1) + 1;
  const runs: StackRun[] = [];
  for (const search of searches) {
    const lens = search === "learned" ? model : undefined;
    const parts = lens === undefined ? 1 : PARTS;
    const generator = SEARCHES[search]({
      start: parts * start,
      range: { min: parts * range.min, max: parts * range.max },
      stops: stack.positions.map((frame) => parts * frame),
      depthOfField: () => parts * STACK_DEPTH_OF_FIELD,
      limits: { maxCaptures },
      random: seededRandom(0),
      ...(lens && { lens: new FineLens(lens, parts) }),
    });
    const device = stackDevice(stack, meter, parts * start, parts);
    const run = inFrames(await runSearch(generator, device, { clock: systemClock, maxCaptures }), parts);
    runs.push({ ...reportRun(search, start, run, truth, STACK_DEPTH_OF_FIELD), truth: truth ?? null });
    onSearch(search);
  }
  return runs;
}

function inFrames({ result, cost }: SearchRun, parts: number): SearchRun {
  return {
    result: { ...result, position: result.position / parts },
    cost: { ...cost, travel: cost.travel / parts, visited: cost.visited.map((each) => each / parts) },
  };
}

/** @param parts of a frame's distance that the device counts as a step. */
function stackDevice(stack: FocalStack, meter: FrameMeter, start: Steps, parts: number): FocusDevice {
  let position = start;
  return {
    position: () => position,
    measure: async (request) => {
      const frame = stack.nearest(request.moveTo / parts);
      position = parts * frame;
      return { ...(await meter(frame, request)), position };
    },
  };
}

const refuse = (): Promise<never> =>
  Promise.reject(new Error("Without a lens, a stack is searched by contrast alone."));
const NO_NETWORKS: Networks = { defocus: refuse, steps: refuse, sharpness: refuse };
