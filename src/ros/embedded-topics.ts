/**
 * Topics of the embedded graph. Delivery is asynchronous, one message a turn of the event loop and subscription, so
 * that a burst fills the queue and drops its oldest as in a middleware, and by reference: pictures are not copied.
 */
import type { Clock } from "../core/clock.ts";
import type { Log, Publisher, Qos } from "./port.ts";
import { validate } from "./message.ts";
import { typedName } from "./registry.ts";
import { nextTurn } from "./turn.ts";

interface Reader {
  readonly qos: Qos;
  readonly log: Log;
  push(message: unknown): void;
  end(): void;
}

interface Writer {
  readonly qos: Qos;
  /** Messages for late readers, oldest first. */
  readonly kept: unknown[];
}

interface Topic {
  readonly writers: Set<Writer>;
  readonly readers: Set<Reader>;
}

/** Why a reader does not hear a writer, or undefined when it does (the request-offered rules of DDS). */
function incompatibility(writer: Qos, reader: Qos): string | undefined {
  if (reader.reliability === "reliable" && writer.reliability === "best-effort") return "RELIABILITY";
  if (reader.durability === "transient-local" && writer.durability === "volatile") return "DURABILITY";
  return undefined;
}

export class EmbeddedTopics {
  readonly #clock: Clock;
  readonly #topics = new Map<string, Topic>();
  /** Types in use by topic name; writers and readers of different types do not meet. */
  readonly #types = new Map<string, Set<string>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  publisher<T>(name: string, type: string, key: string, qos: Qos, log: Log): Publisher<T> {
    const topic = this.#topic(name, type, log);
    const writer: Writer = { qos, kept: [] };
    topic.writers.add(writer);
    for (const reader of topic.readers) this.#meet(name, writer, reader);
    const matched = (): Reader[] =>
      [...topic.readers].filter((reader) => incompatibility(qos, reader.qos) === undefined);
    return {
      topic: name,
      get subscriptionCount() {
        return topic.writers.has(writer) ? matched().length : 0;
      },
      publish: (message) => {
        validate(key, message);
        if (!topic.writers.has(writer)) return;
        if (qos.durability === "transient-local") keep(writer.kept, message, qos.depth);
        for (const reader of matched()) reader.push(message);
      },
      close: () => void topic.writers.delete(writer),
    };
  }

  /** Calls `next` with every message until the function returned is called. */
  subscribe(name: string, type: string, qos: Qos, log: Log, next: (message: unknown) => void): () => void {
    const topic = this.#topic(name, type, log);
    const reader = queuedReader(this.#clock, qos, log, next);
    topic.readers.add(reader);
    for (const writer of topic.writers) this.#meet(name, writer, reader);
    return () => {
      topic.readers.delete(reader);
      reader.end();
    };
  }

  #meet(name: string, writer: Writer, reader: Reader): void {
    const reason = incompatibility(writer.qos, reader.qos);
    if (reason !== undefined)
      reader.log.warn(
        `A publisher on ${name} offers an incompatible QoS (${reason}): its messages are not received here.`,
      );
    else if (reader.qos.durability === "transient-local")
      for (const message of writer.kept) reader.push(message);
  }

  #topic(name: string, type: string, log: Log): Topic {
    const types = this.#types.get(name) ?? new Set();
    this.#types.set(name, types.add(type));
    if (types.size > 1)
      log.warn(
        `Topic ${name} is used with several types (${[...types].join(", ")}): they do not hear each other.`,
      );
    const key = typedName(name, type);
    const topic = this.#topics.get(key) ?? { writers: new Set(), readers: new Set() };
    this.#topics.set(key, topic);
    return topic;
  }
}

function keep(list: unknown[], message: unknown, depth: number): void {
  list.push(message);
  if (list.length > depth) list.shift();
}

function queuedReader(clock: Clock, qos: Qos, log: Log, next: (message: unknown) => void): Reader {
  const queue: unknown[] = [];
  const deliver = (): void => {
    if (queue.length === 0) return;
    const message = queue.shift();
    if (queue.length > 0) schedule();
    next(message);
  };
  const schedule = (): void => void nextTurn(clock).then(deliver);
  return {
    qos,
    log,
    push: (message) => {
      if (queue.length === 0) schedule();
      keep(queue, message, qos.depth);
    },
    end: () => void (queue.length = 0),
  };
}
