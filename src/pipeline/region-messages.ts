/** The regions of like altitude that a look shows (paper 2's supplement, section 3), as fields of a result. */
import type { LensModel } from "../algorithms/optics/lens-model.ts";
import { regionsOf } from "../algorithms/planning/each-region.ts";
import { image } from "../core/image.ts";
import { toImageMessage } from "../ros/image-message.ts";
import type { CaptureAllInFocusResultMsg } from "../ros/messages.ts";
import type { SceneLook } from "./scene-look.ts";

export function regionMessages(
  { frame, grid, step }: SceneLook,
  lens: LensModel,
): Pick<CaptureAllInFocusResultMsg, "region_positions" | "regions"> {
  const { regions, labels } = regionsOf(step, frame.position, grid.cols, (z) => lens.depthOfField(z));
  return {
    region_positions: Float64Array.from(regions, ({ position }) => position),
    regions: toImageMessage(image(grid.cols, grid.rows, 1, labels), frame.message.header),
  };
}
