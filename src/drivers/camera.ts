/** What every camera looks like to the pipeline. */
import type { Observable } from "rxjs";
import type { Frame } from "../core/frame.ts";

export interface CameraInfo {
  /** Width and height of the frames delivered, px. */
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  /** A name for logs. */
  readonly model: string;
  readonly frameId: string;
}

/**
 * The constructor cannot fail; `open` can, with an AutofocusError `camera_open_failed` that says what to do.
 * Frames flow from `open` to `close`; `frames$` errors with `camera_stopped` when the camera goes away.
 */
export interface CameraDriver {
  open(): Promise<void>;
  /** Hot: late subscribers see the frames from then on. Completes on `close`. */
  readonly frames$: Observable<Frame>;
  /** Known once open. */
  info(): CameraInfo;
  /** Safe to call twice. */
  close(): Promise<void>;
}
