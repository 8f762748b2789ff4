/**
 * Carries a capture plan out: hands every request of a planner to a camera, looks at the frame patch by patch, and counts
 * what it costs. The same loop serves the command line and the evaluation.
 */
import type { LensModel } from "../algorithms/optics/lens-model.ts";
import type { CapturePlanner, LookKind, PlannerLook } from "../algorithms/planning/types.ts";
import type { PatchGrid } from "../algorithms/rois/patch-grid.ts";
import type { DefocusReading } from "../algorithms/search/types.ts";
import type { StrategyStep } from "../algorithms/strategy/strategy-step.ts";
import { throwIfAborted } from "../core/bounded.ts";
import { AutofocusError, toAutofocusError } from "../core/errors.ts";
import { focusMeasure, toGray } from "../core/native/index.ts";
import type { Steps } from "../core/units.ts";
import { toEightBit, type Picture } from "../io/picture.ts";
import type { DefocusReader } from "./networks.ts";
import { sceneDetail } from "./scene-detail.ts";
import { sceneGrid, type GridOptions } from "./scene-grid.ts";

/** A frame as it was taken. */
export interface TakenFrame {
  /** Where the lens stood. */
  readonly position: Steps;
  /** Camera values. */
  readonly picture: Picture;
}

/** What a plan is carried out on. */
export interface PlanCamera {
  readonly lens: LensModel;
  /** Where the lens stands before the first frame. */
  readonly start: Steps;
  take(position: Steps, signal?: AbortSignal): Promise<TakenFrame>;
}

/** One frame of a plan: why it was taken and what it showed. */
export interface PlannedFrame extends TakenFrame {
  readonly aimedAt: Steps;
  readonly reason: string;
  /** What was read of it; undefined for planners that do not read the defocus. */
  readonly reading?: { readonly grid: PatchGrid; readonly readings: readonly DefocusReading[] } | undefined;
  /** What the strategy made of it; undefined for planners that are none. */
  readonly step?: StrategyStep | undefined;
}

export interface PlanRun {
  readonly frames: readonly PlannedFrame[];
  /** Which of them to fuse. */
  readonly fuse: readonly number[];
  readonly travel: Steps;
  /** Why it ended, one sentence. */
  readonly reason: string;
  /** What ended it before the planner did: `limit_reached`, `canceled`, or what went wrong after the first frame. */
  readonly cut: AutofocusError | undefined;
}

export interface PlanOptions {
  readonly reader: DefocusReader;
  readonly grid?: GridOptions;
  /** Frames at most. */
  readonly maxFrames: number;
  /** Ends the capture after the frame that is being taken; what was captured is kept. */
  readonly signal?: AbortSignal;
  /** Called after each frame, and waited for. */
  readonly onFrame?: (frame: PlannedFrame, index: number) => void | Promise<void>;
}

const AUTOMATIC: GridOptions = { patchSize: 0, stride: 0 };

/**
 * Nothing that was captured is lost: once there is a frame, whatever goes wrong ends the capture with what there is.
 * @throws AutofocusError what goes wrong before the first frame has been taken.
 */
export async function planCapture(
  planner: CapturePlanner,
  camera: PlanCamera,
  options: PlanOptions,
): Promise<PlanRun> {
  const { lens, start } = camera;
  const plan = planner({ lens, start });
  const frames: PlannedFrame[] = [];
  let travel = 0;
  const done = (fuse: readonly number[], reason: string, cut?: AutofocusError): PlanRun => ({
    frames,
    fuse,
    travel,
    reason,
    cut,
  });
  let told = 0;
  const tell = async (): Promise<void> => {
    const last = frames.at(-1);
    if (last === undefined || told === frames.length) return;
    told = frames.length;
    await options.onFrame?.(last, frames.length - 1);
  };
  const note = async (more: Pick<PlannedFrame, "reading" | "step">): Promise<void> => {
    const last = frames.pop();
    if (last === undefined) return;
    frames.push({ ...last, ...more });
    if ("step" in more) await tell();
  };
  try {
    let turn = plan.next();
    while (turn.done !== true) {
      const { moveTo, look: kind, reason, before } = turn.value;
      await note({ step: before });
      throwIfAborted(options.signal);
      if (frames.length >= options.maxFrames) throw tooMany(options.maxFrames);
      const within = Math.min(lens.range.max, Math.max(lens.range.min, moveTo));
      const taken = await camera.take(within, options.signal);
      travel += Math.abs(taken.position - (frames.at(-1)?.position ?? start));
      frames.push({ ...taken, aimedAt: moveTo, reason });
      const { look, reading } = await lookAt(taken, kind, lens, options);
      await note({ reading });
      turn = plan.next(look);
    }
    await note({ step: turn.value.last });
    return done(turn.value.fuse, turn.value.reason);
  } catch (error) {
    const { signal } = options;
    // What waits ends with a word of its own for it.
    const cut = toAutofocusError(signal?.aborted === true ? signal.reason : error);
    if (frames.length === 0) throw cut;
    await tell();
    return done(
      frames.map((_, index) => index),
      cut.message,
      cut,
    );
  } finally {
    plan.return(undefined as never);
  }
}

function tooMany(maxFrames: number): AutofocusError {
  return new AutofocusError("limit_reached", `The plan asked for more than ${maxFrames} frames.`, {
    cure: "Allow more frames, or use another planner.",
  });
}

interface Look {
  readonly look: PlannerLook;
  readonly reading: PlannedFrame["reading"];
}

async function lookAt(
  { position, picture }: TakenFrame,
  kind: LookKind,
  lens: LensModel,
  { reader, grid: gridOptions = AUTOMATIC }: PlanOptions,
): Promise<Look> {
  if (kind === "none") return { look: { kind, position }, reading: undefined };
  const gray = await toGray(toEightBit(picture));
  const grid = sceneGrid(gray, reader.sizes, lens, gridOptions, { kind: "static" });
  if (kind === "defocus") {
    const readings = await reader.read(gray, grid.patches);
    const detail = sceneDetail(gray, grid, lens);
    return { look: { kind, position, readings, detail, cols: grid.cols }, reading: { grid, readings } };
  }
  const contrast = await Promise.all(
    grid.patches.map((patch) => focusMeasure("squared-gradient", gray, patch)),
  );
  return { look: { kind, position, contrast }, reading: undefined };
}
