/** A goal of `autofocus/focus` with the node's parameters filled in, checked: what a focus run needs to know. */
import type { FocusMeasureName } from "../algorithms/focus-measure/names.ts";
import type { LensModel, Range } from "../algorithms/optics/lens-model.ts";
import { isSearchName, SEARCH_NAMES, type SearchName } from "../algorithms/search/names.ts";
import { AutofocusError, expected } from "../core/errors.ts";
import { centralRoi, intersect, type Roi } from "../core/roi.ts";
import type { Milliseconds, Steps } from "../core/units.ts";
import { FocusGoalMsg, type RegionOfInterestMsg } from "../ros/messages.ts";

export type WindowPolicy = "merge" | "nearest" | "farthest";

export interface FocusDefaults {
  /** Empty chooses `learned` with a lens model and `coarse-fine` without. */
  readonly search: SearchName | "";
  readonly focusMeasure: FocusMeasureName;
  /** Windows as x, y, width, height one after the other; none means the central half of the frame. */
  readonly windows: readonly number[];
  readonly windowPolicy: WindowPolicy;
  readonly maxCaptures: number;
  readonly timeout: Milliseconds;
  /** 0 takes that of the lens model, or a fiftieth of the range. */
  readonly depthOfField: Steps;
}

export interface FocusJob {
  readonly search: SearchName;
  readonly focusMeasure: FocusMeasureName;
  /** Empty means the central half. */
  readonly windows: readonly Roi[];
  readonly windowPolicy: WindowPolicy;
  readonly range: Range;
  readonly depthOfField: (z: Steps) => Steps;
  /** Measure once more at the end where the search did not end on a measurement. */
  readonly confirm: boolean;
  readonly maxCaptures: number;
  readonly timeout: Milliseconds;
}

/** The longest timeout of a goal, seconds: a day. */
const LONGEST_TIMEOUT = 86_400;

/** Least side of the default window, px, where the frame has it. */
const LEAST_WINDOW = 512;

/**
 * @param reach positions the lens can take.
 * @throws AutofocusError `invalid_input` naming the field of the goal that is wrong.
 */
export function focusJob(
  goal: FocusGoalMsg,
  defaults: FocusDefaults,
  reach: Range,
  lens: LensModel | undefined,
): FocusJob {
  const search = goal.search === "" ? defaultSearch(defaults, lens) : goal.search;
  if (!isSearchName(search))
    throw expected("invalid_input", `one of ${SEARCH_NAMES.join(", ")}`, "search", search);
  if (search === "learned" && lens === undefined)
    throw new AutofocusError("invalid_input", "The search learned needs a lens model.", {
      cure: "Name a lens file in the parameter lens, or use coarse-fine.",
    });
  const range = rangeOf(goal, reach);
  const ownDepth = defaults.depthOfField || (range.max - range.min) / 50;
  return {
    search,
    focusMeasure: defaults.focusMeasure,
    windows: goal.windows.length > 0 ? goal.windows.map(toRoi) : windowsOf(defaults.windows),
    windowPolicy: policyOf(goal.window_policy, defaults),
    range,
    depthOfField: (z) => (lens === undefined || defaults.depthOfField > 0 ? ownDepth : lens.depthOfField(z)),
    confirm: speedOf(goal.speed) === "normal",
    maxCaptures: goal.max_captures || defaults.maxCaptures,
    timeout: goal.timeout === 0 ? defaults.timeout : timeoutOf(goal.timeout),
  };
}

/** The windows in a frame. @throws AutofocusError `invalid_input` for one that lies outside. */
export function windowsIn(job: FocusJob, frame: { readonly width: number; readonly height: number }): Roi[] {
  const { width, height } = frame;
  if (job.windows.length === 0) return [centralRoi(width, height, 0.5, LEAST_WINDOW)];
  return job.windows.map((window) => {
    if (window.width === 0 && window.height === 0) return { x: 0, y: 0, width, height };
    const inside = intersect(window, { x: 0, y: 0, width, height });
    if (inside === undefined)
      throw new AutofocusError(
        "invalid_input",
        `The window ${window.width}x${window.height} at (${window.x}, ${window.y}) lies outside the ${width}x${height} frame.`,
        { cure: "Give windows in pixels of image_raw." },
      );
    return inside;
  });
}

/** Groups of four numbers as windows. @throws AutofocusError `invalid_input` when they do not come in fours. */
export function windowsOf(numbers: readonly number[]): Roi[] {
  if (numbers.length % 4 !== 0)
    throw expected("invalid_input", "x, y, width, height for each window", "windows", numbers);
  return Array.from({ length: numbers.length / 4 }, (_, index) => {
    const [x = 0, y = 0, width = 0, height = 0] = numbers.slice(4 * index, 4 * index + 4);
    return { x, y, width, height };
  });
}

/** All zeros mean the whole frame, as in sensor_msgs. */
function toRoi({ x_offset: x, y_offset: y, width, height }: RegionOfInterestMsg): Roi {
  return { x, y, width, height };
}

function defaultSearch(defaults: FocusDefaults, lens: LensModel | undefined): SearchName {
  if (defaults.search !== "") return defaults.search;
  return lens === undefined ? "coarse-fine" : "learned";
}

function rangeOf({ range_min: low, range_max: high }: FocusGoalMsg, reach: Range): Range {
  if (low === 0 && high === 0) return reach;
  if (!Number.isFinite(low) || !Number.isFinite(high) || low >= high)
    throw expected("invalid_input", "range_min below range_max", "the range", `${low}..${high}`);
  const min = Math.max(low, reach.min);
  const max = Math.min(high, reach.max);
  if (min >= max)
    throw expected(
      "invalid_input",
      `a range that meets ${reach.min}..${reach.max}`,
      "the range",
      `${low}..${high}`,
    );
  return { min, max };
}

function policyOf(policy: number, defaults: FocusDefaults): WindowPolicy {
  const { WINDOWS_DEFAULT, WINDOWS_MERGE, WINDOWS_NEAREST, WINDOWS_FARTHEST } = FocusGoalMsg;
  if (policy === WINDOWS_DEFAULT) return defaults.windowPolicy;
  if (policy === WINDOWS_MERGE) return "merge";
  if (policy === WINDOWS_NEAREST) return "nearest";
  if (policy === WINDOWS_FARTHEST) return "farthest";
  throw expected("invalid_input", "one of WINDOWS_*", "window_policy", policy);
}

function speedOf(speed: number): "normal" | "fast" {
  if (speed === FocusGoalMsg.SPEED_NORMAL) return "normal";
  if (speed === FocusGoalMsg.SPEED_FAST) return "fast";
  throw expected("invalid_input", "one of SPEED_*", "speed", speed);
}

/** @throws AutofocusError `invalid_input`. */
function timeoutOf(seconds: number): Milliseconds {
  if (seconds > 0 && seconds <= LONGEST_TIMEOUT) return 1000 * seconds;
  throw expected("invalid_input", `a number above 0 up to ${LONGEST_TIMEOUT}`, "timeout", seconds);
}
