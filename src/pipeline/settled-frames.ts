/**
 * Where the lens stood while a frame was exposed, and the frames for which that was one place.
 *
 *     settledFrames(camera.frames$, lens.state$, { patience: 20, after: clockTimer(clock) })
 *       .subscribe(({ frame, position }) => ...)
 *
 * A frame counts as settled only if its whole exposure, widened on both sides by `margin` for clocks that do not agree
 * exactly, lies after the lens came to rest (plus `settle` for lenses that swing or take up backlash after they say
 * they have arrived) and before it moved again. Because the state that tells of a movement may come later than the
 * frame, a frame is held until a state stamped after its exposure has come, or for `patience`. Frames keep their order.
 */
import { filter, map, Observable, Subscription } from "rxjs";
import type { Frame, SettledFrame } from "../core/frame.ts";
import type { Milliseconds, Steps } from "../core/units.ts";
import { LensHistory, type LensMotion } from "./lens-history.ts";

export interface SettlingOptions {
  /** Emits, once, when that much time has passed. */
  readonly after: (duration: Milliseconds) => Observable<unknown>;
  /** How long a frame waits for states that come late; default 0, for drivers whose states are never late. */
  readonly patience?: Milliseconds;
  /** By how much the stamps of camera and lens may be apart; default 0. */
  readonly margin?: Milliseconds;
  /** How long after `moving` has become false the lens is not yet trusted; default 0. */
  readonly settle?: Milliseconds;
  /** A lens whose last state is older than this is not trusted to stand where it said; default never. */
  readonly staleAfter?: Milliseconds;
}

export interface FocusedExposure {
  readonly frame: Frame;
  /** In the middle of the exposure; NaN when no state tells. */
  readonly position: Steps;
  /** Half of the distance covered during the exposure; NaN when no state tells. */
  readonly uncertainty: Steps;
  readonly settled: boolean;
}

/** Every frame with where the lens was. */
export function focusedExposures(
  frames$: Observable<Frame>,
  states$: Observable<LensMotion>,
  options: SettlingOptions,
): Observable<FocusedExposure> {
  const { after, patience = 0, margin = 0, settle = 0, staleAfter = Infinity } = options;
  return new Observable((subscriber) => {
    const history = new LensHistory();
    const waiting: { readonly frame: Frame; overdue: boolean }[] = [];
    const all = new Subscription();
    let lastFrameSeen = false;

    const emitDecided = (): void => {
      for (let head = waiting[0]; head !== undefined; head = waiting[0]) {
        const { frame, overdue } = head;
        const decided = history.latest >= frame.stamp + frame.exposure + margin;
        if (!decided && !overdue && !lastFrameSeen) return;
        waiting.shift();
        subscriber.next({
          frame,
          ...history.during(frame.stamp, frame.exposure, { margin, settle, staleAfter }),
        });
      }
      if (lastFrameSeen) subscriber.complete();
    };
    const fail = (error: unknown): void => subscriber.error(error);

    all.add(
      states$.subscribe({
        next: (state) => {
          history.add(state);
          emitDecided();
        },
        error: fail,
      }),
    );
    all.add(
      frames$.subscribe({
        next: (frame) => {
          const entry = { frame, overdue: patience <= 0 };
          waiting.push(entry);
          emitDecided();
          if (!waiting.includes(entry)) return;
          all.add(
            after(patience).subscribe(() => {
              entry.overdue = true;
              emitDecided();
            }),
          );
        },
        error: fail,
        complete: () => {
          lastFrameSeen = true;
          emitDecided();
        },
      }),
    );
    return all;
  });
}

/** The frames taken with the lens at rest, and where it stood. */
export function settledFrames(
  frames$: Observable<Frame>,
  states$: Observable<LensMotion>,
  options: SettlingOptions,
): Observable<SettledFrame> {
  return focusedExposures(frames$, states$, options).pipe(
    filter(({ settled }) => settled),
    map(({ frame, position }) => ({ frame, position })),
  );
}
