/** The checks every fusion makes on its frames. */
import { AutofocusError, expected } from "../../core/errors.ts";
import type { ImageF32 } from "../../core/image.ts";

type Shape = Pick<ImageF32, "width" | "height" | "channels">;

const show = ({ width, height, channels }: Shape): string =>
  `${width}x${height} with ${channels} ${channels === 1 ? "channel" : "channels"}`;

/** @throws AutofocusError `fusion_failed` when `frame` differs from `first` in size or channels. */
export function checkSameShape(first: Shape, frame: Shape): void {
  if (frame.width === first.width && frame.height === first.height && frame.channels === first.channels)
    return;
  throw new AutofocusError(
    "fusion_failed",
    `Expected frames of the same size but received ${show(first)} and ${show(frame)}.`,
    { cure: "Fuse frames of one camera setting, or crop and convert them to the same size first." },
  );
}

/** @throws AutofocusError `fusion_failed` when `position` is not finite. */
export function checkPosition(position: number): void {
  if (!Number.isFinite(position)) throw expected("fusion_failed", "a finite number", "position", position);
}

/** @throws AutofocusError `fusion_failed`: there is nothing to fuse. */
export function noFrames(least: 1 | 2 = 1): AutofocusError {
  return new AutofocusError(
    "fusion_failed",
    least === 1
      ? "Expected at least one frame but received none."
      : "Expected two frames but received fewer.",
    { cure: least === 1 ? "Add a frame before finishing." : "Add two frames before finishing." },
  );
}
