/**
 * Pictures with the focus position they were taken at: pairs `image_raw` with `frame_focus` by their stamps.
 *
 *     focusedFrames(images$, focuses$).subscribe(({ message, position }) => ...)
 *
 * Either may come first. What finds no partner among the next few of the other side is dropped, so that a lost
 * message costs one frame and holds nothing up.
 */
import { filter, map, merge, scan, type Observable } from "rxjs";
import type { Milliseconds, Steps } from "../core/units.ts";
import type { FrameFocusMsg, ImageMsg } from "../ros/messages.ts";
import { fromTime } from "../ros/time.ts";

export interface FocusedFrame {
  readonly message: ImageMsg;
  /** When the exposure began. */
  readonly stamp: Milliseconds;
  /** Where the lens stood, in the middle of the exposure. */
  readonly position: Steps;
  /** The lens was at rest during the whole exposure. */
  readonly settled: boolean;
}

/** How many messages of one side wait for their partner. */
const WAITING = 8;

interface Waiting {
  readonly images: readonly ImageMsg[];
  readonly focuses: readonly FrameFocusMsg[];
  readonly pair: FocusedFrame | undefined;
}

/** Frames whose position is known, in the order in which their pairs are complete. */
export function focusedFrames(
  images$: Observable<ImageMsg>,
  focuses$: Observable<FrameFocusMsg>,
): Observable<FocusedFrame> {
  const start: Waiting = { images: [], focuses: [], pair: undefined };
  return merge(
    images$.pipe(map((image) => ({ image, focus: undefined }))),
    focuses$.pipe(map((focus) => ({ image: undefined, focus }))),
  ).pipe(
    scan(
      (waiting, { image, focus }) =>
        image !== undefined ? withImage(waiting, image) : withFocus(waiting, focus),
      start,
    ),
    map(({ pair }) => pair),
    filter((pair) => pair !== undefined),
    filter(({ position }) => Number.isFinite(position)),
  );
}

function withImage({ images, focuses }: Waiting, image: ImageMsg): Waiting {
  const focus = focuses.find((each) => sameStamp(each, image));
  if (focus === undefined) return { images: [...images, image].slice(-WAITING), focuses, pair: undefined };
  return { images, focuses: focuses.filter((each) => each !== focus), pair: pairOf(image, focus) };
}

function withFocus({ images, focuses }: Waiting, focus: FrameFocusMsg): Waiting {
  const image = images.find((each) => sameStamp(each, focus));
  if (image === undefined) return { images, focuses: [...focuses, focus].slice(-WAITING), pair: undefined };
  return { images: images.filter((each) => each !== image), focuses, pair: pairOf(image, focus) };
}

function pairOf(message: ImageMsg, { position, settled }: FrameFocusMsg): FocusedFrame {
  return { message, stamp: fromTime(message.header.stamp), position, settled };
}

function sameStamp(a: ImageMsg | FrameFocusMsg, b: ImageMsg | FrameFocusMsg): boolean {
  return a.header.stamp.sec === b.header.stamp.sec && a.header.stamp.nanosec === b.header.stamp.nanosec;
}
