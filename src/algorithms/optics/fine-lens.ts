/**
 * A lens whose positions are counted in parts of a step. Searches move by whole steps; where a step blurs by several
 * pixels, as from one frame of a focal stack to the next, they see the focus between two steps with this.
 */
import type { Dioptres, Pixels, Steps } from "../../core/units.ts";
import type { LensModel, Range } from "./lens-model.ts";

export class FineLens implements LensModel {
  readonly name: string;
  readonly range: Range;
  readonly frame: { readonly width: Pixels; readonly height: Pixels };
  readonly #lens: LensModel;
  readonly #parts: number;

  /** @param parts of each step of `lens`, at least 1. */
  constructor(lens: LensModel, parts: number) {
    this.name = lens.name;
    this.range = { min: parts * lens.range.min, max: parts * lens.range.max };
    this.frame = lens.frame;
    this.#lens = lens;
    this.#parts = parts;
  }

  radius(z0: Steps, z: Steps): Pixels {
    return this.#lens.radius(z0 / this.#parts, z / this.#parts);
  }

  scale(z0: Steps, z: Steps): number {
    return this.#lens.scale(z0 / this.#parts, z / this.#parts);
  }

  candidates(radius: Pixels, z: Steps): readonly Steps[] {
    return this.#lens.candidates(radius, z / this.#parts).map((each) => this.#parts * each);
  }

  get softness(): readonly Pixels[] | undefined {
    return this.#lens.softness;
  }

  depthOfField(z: Steps): Steps {
    return this.#parts * this.#lens.depthOfField(z / this.#parts);
  }

  dioptres(z0: Steps): Dioptres {
    return this.#lens.dioptres(z0 / this.#parts);
  }

  resized(factor: number): FineLens {
    return new FineLens(this.#lens.resized(factor), this.#parts);
  }
}
