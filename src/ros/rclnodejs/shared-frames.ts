/**
 * Pictures between nodes of one process go by reference and not through the middleware, which would copy them several
 * times. The middleware gets a picture only if somebody outside listens; it then brings it back to the subscriptions of
 * this process too, which know it by its stamp and drop it.
 */
import { systemClock } from "../../core/clock.ts";
import { EmbeddedTopics } from "../embedded-topics.ts";
import { definitionKey } from "../message.ts";
import type { ImageMsg } from "../messages.ts";
import type { Log, Publisher, Qos } from "../port.ts";
import { IMAGE } from "./codec.ts";

/** Pictures of a topic that may still come back from the middleware. */
const REMEMBERED = 64;

/** Those published here within a topic, by stamp. */
class Recent {
  readonly #stamps = new Set<string>();

  add(image: ImageMsg): void {
    this.#stamps.add(stampOf(image));
    if (this.#stamps.size > REMEMBERED)
      for (const oldest of this.#stamps) return void this.#stamps.delete(oldest);
  }

  has(image: ImageMsg): boolean {
    return this.#stamps.has(stampOf(image));
  }
}

function stampOf({ header: { stamp, frame_id } }: ImageMsg): string {
  return `${stamp.sec}.${stamp.nanosec} ${frame_id}`;
}

export class SharedFrames {
  readonly #topics = new EmbeddedTopics(systemClock);
  readonly #recent = new Map<string, Recent>();

  /** The half of a publisher that hands over by reference; its `subscriptionCount` counts those in this process. */
  publisher(topic: string, qos: Qos, log: Log): Publisher<ImageMsg> {
    const shared = this.#topics.publisher<ImageMsg>(topic, IMAGE, definitionKey(IMAGE), qos, log);
    const recent = this.#recentOf(topic);
    return {
      topic,
      get subscriptionCount() {
        return shared.subscriptionCount;
      },
      publish: (image) => {
        shared.publish(image);
        recent.add(image);
      },
      close: () => shared.close(),
    };
  }

  /** Calls `next` with the pictures published in this process until the function returned is called. */
  subscribe(topic: string, qos: Qos, log: Log, next: (image: ImageMsg) => void): () => void {
    return this.#topics.subscribe(topic, IMAGE, qos, log, (image) => next(image as ImageMsg));
  }

  /** Whether a picture that the middleware brought was handed over already. */
  isKnown(topic: string, image: ImageMsg): boolean {
    return this.#recentOf(topic).has(image);
  }

  #recentOf(topic: string): Recent {
    const recent = this.#recent.get(topic) ?? new Recent();
    this.#recent.set(topic, recent);
    return recent;
  }
}
