/**
 * What a calibration finds of a lens: the defocus scale q and the magnification scale b, two functions of the focus
 * position, from which follow for every pair of positions
 *
 *   r(Z0, Z) = |q(Z) - q(Z0)|,   alpha(Z0, Z) = exp(b(Z) - b(Z0)).
 *
 * q is where the sensor stands behind the lens, in pixels of blur: by the thin lens the radius is the aperture times
 * the travel of the image plane, over twice its distance (optics/lens-forms.ts), and that distance changes by a few per
 * cent only. q rises all along the range, so the radius rises on either side of focus; how evenly it rises is up to the
 * motor, which need not be linear.
 */
import type { Pixels, Steps } from "../../core/units.ts";
import { cellOf } from "../optics/lens-grid.ts";

/** A function of the position, linear between its knots and, with the slope of its last stretch, beyond them. */
export class Scale {
  /** At least two, ascending. */
  readonly positions: readonly Steps[];
  readonly values: readonly number[];

  constructor(positions: readonly Steps[], values: readonly number[]) {
    this.positions = positions;
    this.values = values;
  }

  /** The scale that is 0 at the first position and rises by `slopes`, one a stretch, a step. */
  static fromSlopes(positions: readonly Steps[], slopes: ArrayLike<number>): Scale {
    let value = 0;
    const values = positions.map((position, index) => {
      if (index > 0) value += (slopes[index - 1] as number) * (position - (positions[index - 1] as Steps));
      return value;
    });
    return new Scale(positions, values);
  }

  at(position: Steps): number {
    return interpolate(this.positions, this.values, position);
  }

  /** Where a rising scale takes the value. */
  inverse(value: number): Steps {
    return interpolate(this.values, this.positions, value);
  }
}

/** The scales of a lens. */
export interface LensScales {
  /** q, px of the frame; rising. */
  readonly defocus: Scale;
  /** b. */
  readonly breathing: Scale;
}

/** How far from focus a disk of `radius` is made, half-width around the position; the mean of both sides. */
export function halfWidth(defocus: Scale, position: Steps, radius: Pixels): Steps {
  const q = defocus.at(position);
  return (defocus.inverse(q + radius) - defocus.inverse(q - radius)) / 2;
}

function interpolate(xs: readonly number[], ys: readonly number[], x: number): number {
  const cell = cellOf(xs, x);
  const [x0, x1] = [xs[cell] as number, xs[cell + 1] as number];
  const [y0, y1] = [ys[cell] as number, ys[cell + 1] as number];
  return y0 + ((x - x0) * (y1 - y0)) / (x1 - x0);
}
