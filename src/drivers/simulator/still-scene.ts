/**
 * A scene in which nothing moves, rendered once a position: a camera whose lens rests then costs its noise only, so that
 * a simulated camera of large blurs keeps its frame rate.
 */
import type { ImageF32 } from "../../core/image.ts";
import type { Roi } from "../../core/roi.ts";
import type { Milliseconds, Pixels, Steps } from "../../core/units.ts";
import type { Scene } from "./scene.ts";

/** Renderings kept: searches come back to the last few positions. */
const KEPT = 8;

export class StillScene implements Scene {
  readonly width: Pixels;
  readonly height: Pixels;
  readonly channels: 1 | 3;
  readonly #scene: Scene;
  /** In the order of their last use. */
  readonly #renderings = new Map<Steps, Promise<ImageF32>>();

  /** @param scene must not depend on time. */
  constructor(scene: Scene) {
    this.width = scene.width;
    this.height = scene.height;
    this.channels = scene.channels;
    this.#scene = scene;
  }

  /** Not to be changed by who receives it: it may be handed out again. */
  render(position: Steps): Promise<ImageF32> {
    const rendering = this.#renderings.get(position) ?? this.#scene.render(position, 0);
    this.#renderings.delete(position);
    this.#renderings.set(position, rendering);
    const oldest = this.#renderings.keys().next();
    if (this.#renderings.size > KEPT && oldest.done !== true) this.#renderings.delete(oldest.value);
    rendering.catch(() => this.#renderings.delete(position));
    return rendering;
  }

  trueFocus(window: Roi, time: Milliseconds): Steps {
    return this.#scene.trueFocus(window, time);
  }
}
