/** `stack --camera ... --lens-driver ...`: a camera and a lens that are there, as what a capture is planned on. */
import type { LensModel } from "../../algorithms/optics/lens-model.ts";
import { systemClock } from "../../core/clock.ts";
import { expected } from "../../core/errors.ts";
import type { Steps } from "../../core/units.ts";
import type { PlanCamera, TakenFrame } from "../../pipeline/plan-capture.ts";
import type { DriverDevice } from "../device/driver-device.ts";

/**
 * @param start where the lens is to stand at first; by default it stays where it is.
 * @throws AutofocusError `invalid_input` for a lens model that reaches beyond what the lens can take, or a start outside,
 *   and what the drivers throw.
 */
export async function deviceCamera(
  device: DriverDevice,
  lens: LensModel,
  start: Steps | undefined,
): Promise<PlanCamera> {
  const { range } = device;
  if (lens.range.min < range.min || lens.range.max > range.max)
    throw expected(
      "invalid_input",
      `a lens for the positions ${range.min} to ${range.max}`,
      "--lens",
      lens.name,
      {
        cure: `Its file says ${lens.range.min} to ${lens.range.max}.`,
      },
    );
  const begin = start === undefined ? systemClock.now() : await device.moveTo(start);
  const first = await device.settledAfter(begin);
  const take = async (wanted: Steps, signal?: AbortSignal): Promise<TakenFrame> => {
    const { frame, position } = await device.settledAfter(await device.moveTo(wanted, signal), signal);
    return { position, picture: frame.image };
  };
  return { lens, start: first.position, take };
}
