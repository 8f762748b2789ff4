/**
 * Calibration of a lens from a sweep through its range, without a target and without knowing what is sharp where (in
 * the place of paper 1, section 3, which needs both): the network reads the radius in many windows at every position,
 * and every window, at whatever depth, falls and rises along the same defocus scale q, shifted to its own focus:
 *
 *   r_ij = |q(Z_j) - q0_i|.
 *
 *   1. With q linear, the slope is tried that explains all windows best, each at its best focus (window-fit.ts).
 *   2. With the windows' focus known, so is the side of every reading, and q(Z_j) - q0_i is linear in the slopes of q
 *      and in q0_i: a least-squares problem, from which each q0_i drops out when the means over the window are taken
 *      off. Readings count by their uncertainty and by how well they fit (Student's distribution).
 *   3. Both take turns until nothing changes. Windows that fit badly, where something moves, are left out.
 */
import { AutofocusError, expected } from "../../../core/errors.ts";
import type { Pixels, Steps } from "../../../core/units.ts";
import { radiusRead } from "../../optics/softness.ts";
import { logRadiusOf } from "../../search/types.ts";
import { Scale } from "../defocus-scale.ts";
import { median } from "../median.ts";
import { SlopeEquations, stretches } from "../slopes.ts";
import { trust } from "../trust.ts";
import type { SweepFit, SweepWindow, WindowReadings } from "./types.ts";
import { fitWindow, type Sample, type WindowFit } from "./window-fit.ts";

/** Fewer positions do not show two arms. */
const LEAST_POSITIONS = 4;
/** Fewer windows do not show that they agree. */
const LEAST_WINDOWS = 3;
/** Share of the positions at which a window must have been read. */
const LEAST_READ = 0.6;
/** Standard deviation of a reading beyond what the network says of itself: a share of it, and what it cannot tell from 0, px. */
const READING_STD = { share: 0.1, floor: 0.4 } as const;
/** Largest number of stretches over which q is linear. */
const MOST_STRETCHES = 48;
/** Radii at one end of the range, for what is sharp at the other, that are tried first: px, and the ratio of the next. */
const SPANS = { least: 1.5, most: 400, growth: 1.25 } as const;
const RESOLUTION = { first: 60, later: 160 } as const;
const ROUNDS = 12;
/** Rounds in which windows are looked for all over the scale; later ones start from the fit before. */
const GLOBAL_ROUNDS = 2;
/** Change of all of q, as a share of its range, at which the rounds end. */
const CLOSE = 1e-3;
/** Spread of neighbouring slopes, as a share of the mean slope. */
const EVENNESS = 0.4;
/** No slope is less than this share of the mean slope. */
const LEAST_SLOPE = 0.02;
/** Largest change of the radius read by that of the disk. */
const STEEPEST = 1.5;
/** The middles of equal shares of the windows, by which their softness is told. */
const SHARES = [1 / 6, 1 / 2, 5 / 6] as const;
/** Residual of a window that counts by half. */
const GOOD = 0.15;
/** Mean loss of a window beyond which it is left out, relative to the median over the windows, and at least. */
const BAD = { times: 2.5, least: 0.6 } as const;

interface Candidate {
  readonly index: number;
  readonly samples: readonly Sample[];
}

type Slopes = Float64Array<ArrayBuffer>;

/**
 * @param positions ascending, at least four.
 * @param windows one list of readings a window, each as long as `positions`.
 * @throws AutofocusError `invalid_input`; `no_texture` where fewer than three windows could be read;
 *   `calibration_failed` where the radius does not change over the sweep.
 */
export function fitSweep(positions: readonly Steps[], windows: readonly WindowReadings[]): SweepFit {
  checkPositions(positions);
  const candidates = windows
    .map((readings, index) => ({ index, samples: samplesOf(readings) }))
    .filter(({ samples }) => samples.length >= Math.max(LEAST_POSITIONS, LEAST_READ * positions.length));
  if (candidates.length < LEAST_WINDOWS)
    throw new AutofocusError(
      "no_texture",
      `Only ${candidates.length} of ${windows.length} windows have the texture to be read all along the sweep.`,
      { cure: "Point the camera at something with texture, and light it well." },
    );

  const knots = knotsOf(positions);
  let q = firstScale(positions, candidates);
  let slopes: Slopes = new Float64Array(knots.length - 1).fill(
    spanOf(q) / ((positions.at(-1) as Steps) - (positions[0] as Steps)),
  );
  let fits = new Map<number, WindowFit>();
  let used: readonly Candidate[] = candidates;
  for (let round = 0; round < ROUNDS; round++) {
    const known = round < GLOBAL_ROUNDS ? undefined : fits;
    fits = new Map(
      candidates.map(({ index, samples }) => [
        index,
        fitWindow(samples, q, RESOLUTION.later, known?.get(index)),
      ]),
    );
    used = agreeing(candidates, fits);
    slopes = nextSlopes(slopes, positions, knots, used, fits, q);
    const scale = Scale.fromSlopes(knots, slopes);
    const next = positions.map((z) => scale.at(z));
    const change = Math.max(...next.map((value, j) => Math.abs(value - (q[j] as number))));
    q = next;
    if (change < CLOSE * spanOf(q)) break;
  }
  const defocus = Scale.fromSlopes(knots, slopes);
  requireChange(used, fits, q);
  const results = windows.map((_, index): SweepWindow | undefined => {
    const candidate = candidates.find((each) => each.index === index);
    const fit = fits.get(index);
    if (candidate === undefined || fit === undefined) return undefined;
    return described(candidate, fit, defocus, q, used.includes(candidate));
  });
  const agreed = results.flatMap((each) => (each?.used === true ? [each] : []));
  return {
    defocus,
    windows: results,
    softness: softnessOf(agreed.filter(({ focus }) => focus !== undefined)),
    residual: median(agreed.map(({ residual }) => residual)),
  };
}

function checkPositions(positions: readonly Steps[]): void {
  const ascending = positions.every((z, index) => index === 0 || z > (positions[index - 1] as Steps));
  if (positions.length < LEAST_POSITIONS || !ascending || !positions.every(Number.isFinite))
    throw expected(
      "invalid_input",
      `at least ${LEAST_POSITIONS} ascending positions`,
      "a sweep",
      positions.join(),
    );
}

function samplesOf(readings: WindowReadings): Sample[] {
  return readings.flatMap((reading, at) => {
    if (reading?.textured !== true || !Number.isFinite(reading.logRadius)) return [];
    const { logRadius, logRadiusStd } = reading;
    const floor = READING_STD.floor / Math.exp(logRadius);
    return [{ at, logRadius, std: Math.hypot(logRadiusStd, READING_STD.share, floor) }];
  });
}

/** Some or all of the positions. */
function knotsOf(positions: readonly Steps[]): Steps[] {
  const count = Math.min(MOST_STRETCHES, positions.length - 1);
  return Array.from(
    { length: count + 1 },
    (_, index) => positions[Math.round((index * (positions.length - 1)) / count)] as Steps,
  );
}

/** The linear scale that explains the readings best. */
function firstScale(positions: readonly Steps[], candidates: readonly Candidate[]): number[] {
  const [first, last] = [positions[0] as Steps, positions.at(-1) as Steps];
  let best = { q: [] as number[], loss: Infinity };
  for (let span: number = SPANS.least; span <= SPANS.most; span *= SPANS.growth) {
    const q = positions.map((z) => (span * (z - first)) / (last - first));
    let loss = 0;
    for (const { samples } of candidates) loss += fitWindow(samples, q, RESOLUTION.first).loss;
    if (loss < best.loss) best = { q, loss };
  }
  return best.q;
}

/** The windows that fit, unless those would be too few. */
function agreeing(candidates: readonly Candidate[], fits: ReadonlyMap<number, WindowFit>): Candidate[] {
  const loss = ({ index, samples }: Candidate): number =>
    (fits.get(index) as WindowFit).loss / samples.length;
  const most = Math.max(BAD.least, BAD.times * median(candidates.map(loss)));
  const good = candidates.filter((each) => loss(each) <= most);
  return good.length >= LEAST_WINDOWS ? good : [...candidates];
}

/** One step of Gauss and Newton for the slopes, with the focus of each window eliminated. */
function nextSlopes(
  slopes: Slopes,
  positions: readonly Steps[],
  knots: readonly Steps[],
  used: readonly Candidate[],
  fits: ReadonlyMap<number, WindowFit>,
  q: readonly number[],
): Slopes {
  const rows = positions.map((z) => stretches(knots, knots[0] as Steps, z));
  const equations = new SlopeEquations(slopes.length);
  for (const { index, samples } of used) {
    const fit = fits.get(index) as WindowFit;
    const { q: q0, softness } = fit;
    // A window of several depths agrees less with the model than others, and counts for less.
    const worth = 1 / (1 + (residualOf(samples, fit, q) / GOOD) ** 2);
    const observations = samples.map(({ at, logRadius, std }) => {
      const distance = (q[at] as number) - q0;
      const radius = radiusRead(distance, softness);
      const deviation = logRadius - logRadiusOf(radius);
      // The derivative of ln(radius + 1/2) by the distance; 0 in focus, where a reading says nothing of the side. Where
      // sharpening hides a disk it has no bound, and more than a disk by itself has would be trust in one reading.
      const slope = radius === 0 ? 0 : clamp(distance / radius, STEEPEST) / (radius + 0.5);
      const weight = (worth * trust(deviation / std) * slope ** 2) / std ** 2;
      return {
        row: rows[at] as Float64Array,
        value: weight === 0 ? 0 : distance + deviation / slope,
        weight,
      };
    });
    const total = observations.reduce((sum, { weight }) => sum + weight, 0);
    if (total === 0) continue;
    const mean = new Float64Array(slopes.length);
    let meanValue = 0;
    for (const { row, value, weight } of observations) {
      meanValue += (weight * value) / total;
      row.forEach((each, k) => (mean[k] = (mean[k] as number) + (weight * each) / total));
    }
    for (const { row, value, weight } of observations)
      if (weight > 0)
        equations.add(
          row.map((each, k) => each - (mean[k] as number)),
          value - meanValue,
          weight,
        );
  }
  const even = spanOf(q) / ((positions.at(-1) as Steps) - (positions[0] as Steps));
  equations.smooth(EVENNESS * even);
  return equations.solve(slopes, LEAST_SLOPE * even);
}

/** @throws AutofocusError `calibration_failed` where no window leaves its softness. */
function requireChange(
  used: readonly Candidate[],
  fits: ReadonlyMap<number, WindowFit>,
  q: readonly number[],
): void {
  const seen = used.filter(({ index, samples }) => {
    const { q: q0, softness } = fits.get(index) as WindowFit;
    const distances = samples.map(({ at }) => Math.abs((q[at] as number) - q0));
    return (
      Math.max(...distances) > 2 * Math.max(1, softness) && q0 > (q[0] as number) && q0 < (q.at(-1) as number)
    );
  });
  if (seen.length >= LEAST_WINDOWS) return;
  throw new AutofocusError(
    "calibration_failed",
    "The defocus changes too little over the sweep to be measured.",
    {
      cure: "Sweep a larger range, with something in the picture that becomes sharp within it.",
      context: { windows: used.length, falling: seen.length },
    },
  );
}

function described(
  { samples }: Candidate,
  fit: WindowFit,
  defocus: Scale,
  q: readonly number[],
  used: boolean,
): SweepWindow {
  const { q: q0, softness } = fit;
  const inside = q0 >= (q[0] as number) && q0 <= (q.at(-1) as number);
  return {
    focus: inside ? defocus.inverse(q0) : undefined,
    q: q0,
    softness,
    residual: residualOf(samples, fit, q),
    used,
  };
}

/** Quantiles that stand for equal shares of the windows; none without windows. */
function softnessOf(windows: readonly SweepWindow[]): Pixels[] {
  const sorted = windows.map(({ softness }) => softness).sort((a, b) => a - b);
  return SHARES.flatMap((share) => sorted[Math.floor(share * sorted.length)] ?? []);
}

/** Root mean square of the deviations, each capped at 1. */
function residualOf(
  samples: readonly Sample[],
  { q: q0, softness }: WindowFit,
  q: readonly number[],
): number {
  const squares = samples.map(({ at, logRadius }) => {
    const deviation = logRadius - logRadiusOf(radiusRead((q[at] as number) - q0, softness));
    return Math.min(1, deviation ** 2);
  });
  return Math.sqrt(squares.reduce((sum, each) => sum + each, 0) / squares.length);
}

function clamp(value: number, most: number): number {
  return Math.min(most, Math.max(-most, value));
}

function spanOf(q: readonly number[]): number {
  return (q.at(-1) as number) - (q[0] as number);
}
