/**
 * The focus strategy (paper 1, section 5, Fig. 5 and Algorithm 2) as a reducer: what is known plus one frame's
 * deviation matrix gives what is then known, the in-focus mask M, the activation matrix U and where to go next.
 *
 * 1. |P|: candidates of every patch (deviation.ts), their sign by Eq. 6 (sign.ts).
 * 2. M: |P| <= sigma_Z.   3. U: Eq. 9 or the last k masks (activation.ts), k given or by the measured motion (motion-memory.ts).
 * 4. Pending: U = 0 and the in-focus position is known. A patch without texture is neither done nor pending. In a static
 *    scene the readings of all frames are combined (estimate.ts), so that a patch is known although strong blur hides its
 *    texture in this frame.
 * 5. Next: the fullest bin of the pending patches (next-step.ts). With nothing pending the lens stays.
 *
 * Video, planner "age": where patches have waited longest (age-planner.ts); U and k then only tell what is done.
 * Video, planner "histogram": what the latest k + 1 frames did not bring into focus from nearby (patches that show two distances at once,
 * readings with an error) waits while anything else is pending, or the lens would refine it for ever.
 *
 * A static capture is complete when nothing is pending, when the rest is out of range, or when every bin lies within the
 * depth of field of a position already visited, which is refining noise (section 5.1). Positions aimed at count as
 * visited even if the lens ended elsewhere, so none is taken twice and the capture ends after at most
 * (max - min) / sigma_Z + 2 frames, whatever the readings say.
 */
import { expected } from "../../core/errors.ts";
import type { Steps } from "../../core/units.ts";
import type { LensModel } from "../optics/lens-model.ts";
import type { DefocusReading } from "../search/types.ts";
import { longestMemory, remember, union } from "./activation.ts";
import type { MaskHistory, SceneKind } from "./activation.ts";
import { deviations } from "./deviation.ts";
import type { PatchDeviation } from "./deviation.ts";
import { combine, type Estimate } from "./estimate.ts";
import { mostRewarding, watch, type Watched } from "./age-planner.ts";
import { measuredChange, memoryFor, UNMEASURED } from "./motion-memory.ts";
import { bins, fullest } from "./next-step.ts";
import { withSign } from "./sign.ts";
import type { PatchMemory } from "./sign.ts";
import { coverageOf, type StrategyStep } from "./strategy-step.ts";

export interface StrategyState {
  readonly scene: SceneKind;
  readonly masks: MaskHistory;
  /** Per patch, its latest reading; undefined before the first. */
  readonly memory: readonly (PatchMemory | undefined)[];
  /** Per patch, where it is in focus: static, from all frames; dynamic, from the latest. */
  readonly known: readonly (Estimate | undefined)[];
  /** Static: positions of the frames so far and those aimed at. Dynamic: of the latest k + 1 frames. */
  readonly visited: readonly Steps[];
  /** Per patch, what the choice by age remembers. */
  readonly watched: readonly Watched[];
  /** Share of the patches that change from look to look, where k follows the motion. */
  readonly change: number;
}

/** The state before the first frame. */
export function strategyStart(scene: SceneKind): StrategyState {
  if (scene.kind === "dynamic" && scene.k !== "motion" && !(Number.isInteger(scene.k) && scene.k >= 0))
    throw expected("invalid_input", "an integer from 0, or motion", "k", scene.k);
  return { scene, masks: [], memory: [], known: [], visited: [], watched: [], change: UNMEASURED };
}

/**
 * Takes in the frame captured at `z`.
 * @param readings one per patch, always in the same order and number.
 * @throws AutofocusError `invalid_input` when `z` is not finite or the number of patches changed.
 */
export function strategyStep(
  state: StrategyState,
  readings: readonly DefocusReading[],
  lens: LensModel,
  z: Steps,
): StrategyStep & { readonly state: StrategyState } {
  if (!Number.isFinite(z)) throw expected("invalid_input", "a finite focus position", "z", z);
  if (state.memory.length > 0 && state.memory.length !== readings.length)
    throw expected("invalid_input", `${state.memory.length} patches`, "the readings", readings.length);
  const { scene } = state;
  const sigma = lens.depthOfField(z);
  const unsigned = deviations(readings, lens, z);
  const memory = unsigned.map((patch, index) => withSign(patch, state.memory[index]));
  const isRead = unsigned.map(({ kind }) => kind === "read");
  const known = memory.map((each, index) => {
    const reading = isRead[index] === true ? each : undefined;
    if (scene.kind === "dynamic") return reading;
    return reading === undefined ? state.known[index] : combine(state.known[index], reading, sigma);
  });
  const deviation = Float32Array.from(known, (each) => (each === undefined ? NaN : each.inFocusAt - z));
  const confidence = Float32Array.from(known, (each) => (each === undefined ? 0 : within(sigma, each.std)));
  const mask = isRead.map((read, index) => read && Math.abs(deviation[index] ?? NaN) <= sigma);
  const masks = remember(state.masks, mask, scene);
  const byMotion = scene.kind === "dynamic" && scene.k === "motion";
  const change = byMotion ? measuredChange(state.change, state.memory, memory, lens) : state.change;
  const k = byMotion ? memoryFor(change) : Infinity;
  const activation = union(masks.slice(0, k + 1));
  const visited =
    scene.kind === "static"
      ? [...state.visited, z]
      : [z, ...state.visited].slice(0, longestMemory(scene.k) + 1);
  const pending = activation.map((done, index) => !done && known[index] !== undefined);
  const watched = watch(state.watched, { inFocusAt: known.map((each) => each?.inFocusAt), mask, z }, lens);
  const { next, reason } =
    scene.kind === "dynamic" && scene.planner === "age"
      ? freshen(watched, lens, z, unsigned)
      : decide({ known, pending, unsigned, visited: visited.slice(0, k + 1), lens, z, scene });
  const aimed = next === "complete" || scene.kind === "dynamic" ? [] : [next];
  return {
    state: { scene, masks, memory, known, visited: [...visited, ...aimed], watched, change },
    deviation,
    confidence,
    mask,
    isUseful: mask.includes(true),
    activation,
    pending,
    coverage: coverageOf(activation, pending),
    next,
    reason,
  };
}

interface Situation {
  readonly known: readonly (Estimate | undefined)[];
  readonly pending: readonly boolean[];
  readonly unsigned: readonly PatchDeviation[];
  readonly visited: readonly Steps[];
  readonly lens: LensModel;
  readonly z: Steps;
  readonly scene: SceneKind;
}

function decide(at: Situation): Pick<StrategyStep, "next" | "reason"> {
  const { lens, z, scene } = at;
  const stay = (reason: string): Pick<StrategyStep, "next" | "reason"> => ({
    next: scene.kind === "static" ? "complete" : z,
    reason,
  });
  const positions = at.known.flatMap((each, index) =>
    each !== undefined && at.pending[index] === true ? [each.inFocusAt] : [],
  );
  if (positions.length === 0) return stay(nothingPending(at.unsigned));
  const all = bins(positions, (position) => lens.depthOfField(position));
  const reach = scene.kind === "static" ? 1 : 2;
  const fresh = all.filter(
    ({ centre }) => !at.visited.some((each) => Math.abs(each - centre) <= reach * lens.depthOfField(centre)),
  );
  const bin = fullest(fresh, z) ?? (scene.kind === "dynamic" ? fullest(all, z) : undefined);
  if (bin === undefined)
    return stay("Every pending patch lies within the depth of field of a position visited.");
  const next = Math.min(lens.range.max, Math.max(lens.range.min, bin.centre));
  return { next, reason: `${bin.count} of ${positions.length} pending patches are in focus there.` };
}

function freshen(
  watched: readonly Watched[],
  lens: LensModel,
  z: Steps,
  patches: readonly PatchDeviation[],
): Pick<StrategyStep, "next" | "reason"> {
  const best = mostRewarding(watched, lens, z);
  if (best === undefined) return { next: z, reason: nothingPending(patches) };
  const reason = `${best.count} patches are in focus there, some of which were not for ${best.age} frames.`;
  return { next: best.position, reason };
}

function nothingPending(patches: readonly PatchDeviation[]): string {
  if (patches.some(({ kind }) => kind === "unreachable")) return "The remaining patches are out of range.";
  return patches.every(({ kind }) => kind === "unknown")
    ? "No patch has enough texture to be read."
    : "Every patch is done.";
}

/** Probability that a normal error of deviation `std` stays within `limit`: erf(limit / (std sqrt 2)). */
function within(limit: Steps, std: Steps): number {
  if (std <= 0) return 1;
  const x = limit / (std * Math.SQRT2);
  // Abramowitz and Stegun 7.1.26, error below 1.5e-7.
  const t = 1 / (1 + 0.3275911 * x);
  const series =
    ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  return 1 - series * Math.exp(-x * x);
}
