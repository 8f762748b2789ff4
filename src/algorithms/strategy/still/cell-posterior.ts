/**
 * Where a small cell of a still scene is in focus, from its fine detail in the frames taken so far (frame-detail.ts).
 *
 * With the unknown energy T of its detail in focus and that of the noise, N, a frame at Z shows T G(r(Z0, Z)) + N. The
 * frame nearest to a position tells T if the cell is in focus there, and the other frames, by how far their energies then
 * differ from the expected ones on the logarithmic axis, whether it is. Two frames on either side of the focus so tell
 * where between them it lies. Beforehand a cell may be where the patches that show it are believed to be, or anywhere.
 */
import type { Steps } from "../../../core/units.ts";
import type { LensModel } from "../../optics/lens-model.ts";
import { detailPassed, type FrameDetail } from "./frame-detail.ts";

/** The detail of one frame, and where the lens stood. */
export interface DetailLook {
  readonly position: Steps;
  readonly energy: Float32Array;
}

/** Deviation of the logarithm of an energy from what is expected of it: textures and lenses differ. */
const LOG_STD = 0.35;
/** Probability that a cell is in focus elsewhere than the patches that show it. */
const ELSEWHERE = 0.05;
/** Energy in its sharpest frame, in units of the noise, from which a cell shows detail. */
const EVIDENT = 3;
/** Share of all energies that lies below that of the noise. */
const PLAIN = 0.05;
/** Energy of one grey level of 8 bits: what is less is never compared, however clean the frames are. */
const GREY_LEVEL = 1 / 255 ** 2;
/** Least energy in focus, in units of the noise. */
const FAINTEST = 0.2;
/** Frames on either side of the sharpest one that are compared with it. */
const NEIGHBOURS = 4;

/**
 * @param looks at least one, all of the cells of `detail`.
 * @param believed posterior of each patch on the grid; undefined where it was never read.
 * @returns the posterior of every cell on the grid; undefined for one without detail, or that no patch tells of.
 */
export function cellPosteriors(
  looks: readonly DetailLook[],
  { reduction, patchesOf }: Pick<FrameDetail, "reduction" | "patchesOf">,
  believed: readonly (Float64Array | undefined)[],
  grid: readonly Steps[],
  lens: LensModel,
): readonly (Float64Array | undefined)[] {
  const noise = Math.max(GREY_LEVEL / reduction ** 2, noiseOf(looks));
  const views = [...looks]
    .sort((a, b) => a.position - b.position)
    .map(({ position, energy }) => ({
      energy,
      passed: Float64Array.from(grid, (z0) => detailPassed(lens.radius(z0, position) / reduction)),
    }));
  return patchesOf.map((patches, cell) => {
    const energies = views.map(({ energy }) => energy[cell] as number);
    const sharpest = energies.indexOf(Math.max(...energies));
    if ((energies[sharpest] as number) < EVIDENT * noise) return undefined;
    const prior = priorOf(patches, believed, grid.length);
    if (prior === undefined) return undefined;
    const near = views
      .slice(Math.max(0, sharpest - NEIGHBOURS), sharpest + NEIGHBOURS + 1)
      .map(({ energy, passed }) => ({ energy: energy[cell] as number, passed }));
    return normalised(prior.map((each, at) => each * likelihood(near, at, noise)));
  });
}

interface CellView {
  readonly energy: number;
  /** G of every position of the grid. */
  readonly passed: Float64Array;
}

/** How well the energies fit to a cell that is in focus at the position `at` of the grid. */
function likelihood(views: readonly CellView[], at: number, noise: number): number {
  const nearest = views.reduce((best, each) =>
    (each.passed[at] as number) > (best.passed[at] as number) ? each : best,
  );
  const inFocus = Math.max(nearest.energy - noise, FAINTEST * noise) / (nearest.passed[at] as number);
  let product = 1;
  for (const each of views) {
    if (each === nearest) continue;
    // Noise is added on both sides, so that what is not seen is not compared.
    const expected = inFocus * (each.passed[at] as number) + 2 * noise;
    const deviation = Math.log((each.energy + noise) / expected) / LOG_STD;
    product /= (1 + (deviation * deviation) / 2) ** 2;
  }
  return product;
}

function priorOf(
  patches: readonly number[],
  believed: readonly (Float64Array | undefined)[],
  length: number,
): Float64Array | undefined {
  const known = patches.flatMap((patch) => believed[patch] ?? []);
  if (known.length === 0) return undefined;
  const prior = new Float64Array(length).fill(ELSEWHERE / length);
  const weight = (1 - ELSEWHERE) / known.length;
  for (const each of known)
    each.forEach((probability, at) => (prior[at] = (prior[at] as number) + weight * probability));
  return prior;
}

function noiseOf(looks: readonly DetailLook[]): number {
  const energies = Float32Array.from(looks.flatMap(({ energy }) => [...energy])).sort();
  return energies[Math.floor(PLAIN * energies.length)] ?? 0;
}

function normalised(values: Float64Array): Float64Array {
  const total = values.reduce((sum, each) => sum + each, 0);
  return values.map((each) => each / total);
}
