/**
 * Frames onto the graph: `image_raw`, `camera_info` and `frame_focus` with one stamp, `image_raw/compressed` while
 * somebody listens. Frames that come while one is being compressed are left out of the compressed stream.
 */
import { catchError, EMPTY, exhaustMap, filter, from, Subject } from "rxjs";
import type { LensModel } from "../algorithms/optics/lens-model.ts";
import { toAutofocusError } from "../core/errors.ts";
import type { Frame } from "../core/frame.ts";
import { encode } from "../io/picture.ts";
import { clockTimer } from "../pipeline/clock-timer.ts";
import type { LensFollower } from "../pipeline/lens-follower.ts";
import { focusedExposures, type FocusedExposure } from "../pipeline/settled-frames.ts";
import { frameToMessage } from "../ros/image-message.ts";
import { IMAGE_QOS, type RosNode } from "../ros/port.ts";
import { header } from "../ros/time.ts";
import type { CameraDriverSettings } from "./camera-driver-parameters.ts";
import type { CalibrationKeeper } from "./calibration-keeper.ts";
import { cameraInfoMessage } from "./camera-info.ts";

export interface FramePublisherParts {
  readonly node: RosNode;
  readonly lens: LensFollower;
  readonly calibration: CalibrationKeeper;
  /** Read at each frame. */
  readonly settings: () => CameraDriverSettings;
  readonly model: () => LensModel | undefined;
}

export class FramePublisher {
  readonly #parts: FramePublisherParts;
  readonly #frames = new Subject<Frame>();

  constructor(parts: FramePublisherParts) {
    this.#parts = parts;
    this.#publishPictures();
    this.#publishCompressed();
    this.#publishFocus();
  }

  publish(frame: Frame): void {
    this.#frames.next(frame);
  }

  close(): void {
    this.#frames.complete();
  }

  #publishPictures(): void {
    const { node, lens, calibration, model } = this.#parts;
    const images = node.publish("image_raw", "sensor_msgs/msg/Image", IMAGE_QOS);
    const infos = node.publish("camera_info", "sensor_msgs/msg/CameraInfo", IMAGE_QOS);
    this.#frames.subscribe((frame) => {
      if (images.subscriptionCount > 0) images.publish(frameToMessage(frame));
      if (infos.subscriptionCount === 0) return;
      const position = lens.positionAt(frame.stamp + frame.exposure / 2);
      const { stamp, frameId, image } = frame;
      infos.publish(
        cameraInfoMessage(header(stamp, frameId), image, calibration.of(image), position, model()),
      );
    });
  }

  #publishCompressed(): void {
    const { node, settings } = this.#parts;
    const publisher = node.publish("image_raw/compressed", "sensor_msgs/msg/CompressedImage", IMAGE_QOS);
    const compress = async ({ image, stamp, frameId }: Frame): Promise<void> => {
      // A Buffer of sharp may be a view of a larger pool; messages carry arrays of their own.
      const data = new Uint8Array(await encode(image, "jpeg", { quality: settings().jpeg_quality }));
      publisher.publish({ header: header(stamp, frameId), format: "jpeg", data });
    };
    this.#frames
      .pipe(
        filter(() => publisher.subscriptionCount > 0),
        exhaustMap((frame) =>
          from(compress(frame)).pipe(
            catchError((error: unknown) => {
              node.log.warn(`A frame could not be compressed: ${toAutofocusError(error).message}`);
              return EMPTY;
            }),
          ),
        ),
      )
      .subscribe();
  }

  #publishFocus(): void {
    const { node, lens, settings } = this.#parts;
    const { lens_state_patience, lens_state_timeout, clock_margin } = settings();
    const publisher = node.publish("frame_focus", "intelligent_autofocus/msg/FrameFocus", IMAGE_QOS);
    const publish = ({ frame, position, uncertainty, settled }: FocusedExposure): void =>
      publisher.publish({
        header: header(frame.stamp, frame.frameId),
        position,
        position_uncertainty: uncertainty,
        exposure: frame.exposure / 1000,
        settled,
      });
    focusedExposures(this.#frames, lens.motion$, {
      after: clockTimer(node.clock),
      patience: 1000 * lens_state_patience,
      margin: 1000 * clock_margin,
      staleAfter: 1000 * lens_state_timeout,
    }).subscribe(publish);
  }
}
