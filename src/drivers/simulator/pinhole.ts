/** A lens that blurs nothing: what a scene shows through it is what an all-in-focus picture should show. */
import type { View } from "./scene.ts";

/** Blur that is left: the radii of the lens times this. */
const PINHOLE = 1e-6;

/** The view with a pinhole in place of its lens, which has the same magnification. */
export function throughPinhole(view: View): View {
  return { ...view, lens: view.lens.resized(PINHOLE) };
}
