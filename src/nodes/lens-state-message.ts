/** The state of a lens as the message `lens/state`. */
import type { LensModel } from "../algorithms/optics/lens-model.ts";
import { ERROR_CODES } from "../core/errors.ts";
import type { LensCapabilities, LensState } from "../drivers/lens.ts";
import type { LensStateMsg } from "../ros/messages.ts";
import { header } from "../ros/time.ts";

export function lensStateMessage(
  state: LensState,
  { min, max }: LensCapabilities,
  frameId: string,
  model: LensModel | undefined,
): LensStateMsg {
  return {
    header: header(state.stamp, frameId),
    position: state.position,
    target: state.target,
    velocity: state.velocity,
    moving: state.moving,
    min_position: min,
    max_position: max,
    dioptres: model?.dioptres(state.position) ?? NaN,
    fault_code: state.fault === undefined ? ERROR_CODES.none : ERROR_CODES.lens_fault,
    fault: state.fault ?? "",
  };
}
