/** A lens file for the frames of a recorded stack. */
import type { LensModel } from "../../algorithms/optics/lens-model.ts";
import { expected } from "../../core/errors.ts";
import type { Steps } from "../../core/units.ts";
import type { FocalStack } from "../../drivers/replay/focal-stack.ts";

/**
 * The lens for the frames of the stack as they are delivered.
 * @throws AutofocusError `invalid_input` when it does not reach all of them.
 */
export function stackLens(
  lens: LensModel,
  { positions, width, height }: Pick<FocalStack, "positions" | "width" | "height">,
): LensModel {
  const [first, last] = [positions[0] as Steps, positions.at(-1) as Steps];
  if (first < lens.range.min || last > lens.range.max)
    throw expected("invalid_input", `a lens for the frames ${first} to ${last}`, "--lens", lens.name, {
      cure: "Its positions must be the numbers of the frames, as calibrate --stack makes them.",
    });
  const factor = width / lens.frame.width;
  const sameShape = Math.abs(height - factor * lens.frame.height) <= 1;
  return sameShape ? lens.resized(factor) : lens;
}
