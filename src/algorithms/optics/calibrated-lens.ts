/**
 * The LensModel over a calibration grid (paper 1, section 3, Fig. 6): radius and magnification between the knots,
 * and the inverse that turns a radius read from a frame into the positions where the patch would be sharp.
 *
 * The radius is held with the sign of Z - Z0, which is smooth through focus, and the magnification as its logarithm,
 * which is antisymmetric, so that scale(z0, z) * scale(z, z0) = 1 wherever the calibration says so.
 */
import { expected } from "../../core/errors.ts";
import type { Dioptres, Pixels, Steps } from "../../core/units.ts";
import type { LensForm } from "./lens-forms.ts";
import { LensGrid } from "./lens-grid.ts";
import type { LensModel, Range } from "./lens-model.ts";

/** What a calibration delivers. */
export interface Calibration {
  readonly name: string;
  readonly frame: { readonly width: Pixels; readonly height: Pixels };
  /** Where the optical axis meets the frame, px; the centre of the frame unless it is a crop aside of it. */
  readonly opticalCentre: { readonly x: Pixels; readonly y: Pixels };
  /** (Z - Z0 < 0 ? -1 : 1) * radius, one row a Z0; falling along Z0 and rising along Z. */
  readonly signedRadius: LensGrid;
  /** ln(scale), one row a Z0. */
  readonly logScale: LensGrid;
  /** Px; see LensModel. */
  readonly softness?: readonly Pixels[] | undefined;
  readonly depthOfField: (z: Steps) => Steps;
  readonly dioptres: (z0: Steps) => Dioptres;
}

/** Knots of the grid sampled from a closed form. */
const FORM_KNOTS = 43;

/** Relative excess up to which a radius still counts as the largest one; it covers rounding, not noise. */
const ROUNDING = 1e-9;

export class CalibratedLens implements LensModel {
  readonly name: string;
  readonly range: Range;
  readonly frame: { readonly width: Pixels; readonly height: Pixels };
  readonly opticalCentre: { readonly x: Pixels; readonly y: Pixels };
  readonly #calibration: Calibration;
  readonly #factor: number;

  /** @param factor delivered pixels per pixel of the calibration. */
  constructor(calibration: Calibration, factor = 1) {
    const { positions } = calibration.signedRadius;
    this.name = calibration.name;
    this.range = { min: positions[0] as Steps, max: positions[positions.length - 1] as Steps };
    this.frame = {
      width: Math.round(calibration.frame.width * factor),
      height: Math.round(calibration.frame.height * factor),
    };
    this.opticalCentre = { x: calibration.opticalCentre.x * factor, y: calibration.opticalCentre.y * factor };
    this.#calibration = calibration;
    this.#factor = factor;
  }

  radius(z0: Steps, z: Steps): Pixels {
    return this.#factor * Math.abs(this.#calibration.signedRadius.at(z0, z));
  }

  scale(z0: Steps, z: Steps): number {
    return Math.exp(this.#calibration.logScale.at(z0, z));
  }

  candidates(radius: Pixels, z: Steps): readonly Steps[] {
    if (!(radius >= 0)) throw expected("invalid_input", "a radius of at least 0 px", "candidates", radius);
    if (!Number.isFinite(z)) throw expected("invalid_input", "a finite position", "candidates", z);
    const here = Math.min(this.range.max, Math.max(this.range.min, z));
    if (radius === 0) return [here];
    const wanted = radius / this.#factor;
    const grid = this.#calibration.signedRadius;
    const breaks = grid.breaks(here);
    const below = [here, ...breaks.filter((each) => each < here).reverse()];
    const above = [here, ...breaks.filter((each) => each > here)];
    const side = (path: readonly Steps[]): Steps | undefined =>
      crossing(
        path,
        path.map((z0) => Math.abs(grid.at(z0, here))),
        wanted,
      );
    return [side(below), side(above)].filter((each) => each !== undefined);
  }

  get softness(): readonly Pixels[] | undefined {
    return this.#calibration.softness?.map((each) => this.#factor * each);
  }

  depthOfField(z: Steps): Steps {
    return this.#calibration.depthOfField(z);
  }

  dioptres(z0: Steps): Dioptres {
    return this.#calibration.dioptres(z0);
  }

  resized(factor: number): CalibratedLens {
    if (!(factor > 0 && Number.isFinite(factor)))
      throw expected("invalid_input", "a factor above 0", "resized", factor);
    return new CalibratedLens(this.#calibration, this.#factor * factor);
  }
}

/** The grids of a closed form over `range`. */
export function sampleForm(form: LensForm, range: Range): Pick<Calibration, "signedRadius" | "logScale"> {
  const positions = Array.from(
    { length: FORM_KNOTS },
    (_, index) => range.min + ((range.max - range.min) * index) / (FORM_KNOTS - 1),
  );
  return {
    signedRadius: LensGrid.sample(positions, (z0, z) => Math.sign(z - z0) * form.radius(z0, z)),
    logScale: LensGrid.sample(positions, (z0, z) => Math.log(form.scale(z0, z))),
  };
}

/**
 * Where a function that rises from 0 along `path`, linear between its points, takes the value `wanted`; the middle
 * of the stretch where it is constant there, undefined where it stays below.
 */
function crossing(path: readonly Steps[], values: readonly number[], wanted: number): Steps | undefined {
  const reached = values.findIndex((value) => value >= wanted);
  if (reached < 0) {
    const last = values.length - 1;
    return wanted <= (values[last] as number) * (1 + ROUNDING) ? path[last] : undefined;
  }
  const inner = between(path, values, reached, wanted);
  const passed = values.findIndex((value) => value > wanted);
  const outer = passed < 0 ? (path[path.length - 1] as Steps) : between(path, values, passed, wanted);
  return (inner + outer) / 2;
}

/** Where the segment that ends at point `end` takes the value `wanted`. */
function between(path: readonly Steps[], values: readonly number[], end: number, wanted: number): Steps {
  const [from, to] = [path[end - 1] as Steps, path[end] as Steps];
  const [low, high] = [values[end - 1] as number, values[end] as number];
  return from + ((to - from) * (wanted - low)) / (high - low);
}
