/** Publishers and subscriptions over rclnodejs. */
import type { Unsubscribable } from "rxjs";
import { definitionKey, validate } from "../message.ts";
import type { ImageMsg } from "../messages.ts";
import type { Log, Publisher, Qos } from "../port.ts";
import { codecOf, IMAGE } from "./codec.ts";
import { guarded } from "./guard.ts";
import type { Plain, Rclnodejs, RclNode, RclSubscription } from "./library.ts";
import { isReliable, rclQos, type FixedReliability } from "./qos.ts";
import type { SharedFrames } from "./shared-frames.ts";

/** How often a subscription that matches its publishers looks who they are, ms. */
const LOOK_EVERY = 250;

/** What the entities of one node share. */
export interface NodeParts {
  readonly rcl: Rclnodejs;
  readonly node: RclNode;
  readonly log: Log;
  /** Shared by the nodes of a context. */
  readonly frames: SharedFrames;
}

export function createPublisher<T>(
  { rcl, node, frames, log }: NodeParts,
  topic: string,
  type: string,
  qos: Qos & { readonly reliability: FixedReliability },
): Publisher<T> {
  const key = definitionKey(type);
  const codec = codecOf(type);
  const shared = isShared(type, qos) ? frames.publisher(topic, qos, log) : undefined;
  const publisher = node.createPublisher(type, topic, { qos: rclQos(rcl, qos, qos.reliability) });
  let closed = false;
  return {
    topic,
    get subscriptionCount() {
      return closed ? 0 : publisher.subscriptionCount;
    },
    publish: (message) => {
      if (shared === undefined) validate(key, message);
      else shared.publish(message as ImageMsg);
      if (closed) return;
      if (shared === undefined || publisher.subscriptionCount > shared.subscriptionCount)
        publisher.publish(codec.encode(message as object));
    },
    close: () => {
      if (closed) return;
      closed = true;
      shared?.close();
      node.destroyPublisher(publisher);
    },
  };
}

/** Pictures without history go by reference inside the process. */
function isShared(type: string, { durability }: Qos): boolean {
  return type === IMAGE && durability === "volatile";
}

/**
 * Calls `next` with every message until it is unsubscribed. With reliability `match` it starts reliable, becomes best
 * effort when a best-effort publisher appears, and reliable again when the last of them has gone.
 */
export function createSubscription(
  parts: NodeParts,
  topic: string,
  type: string,
  qos: Qos,
  next: (message: object) => void,
): Unsubscribable {
  const { rcl, node, log, frames } = parts;
  const codec = codecOf(type);
  const shared = isShared(type, qos);
  const receive = guarded(log, `A subscription to ${topic}`, (received: Plain) => {
    const message = codec.decode(received);
    if (!shared || !frames.isKnown(topic, message as ImageMsg)) next(message);
  });
  const open = (reliability: FixedReliability): RclSubscription =>
    node.createSubscription(type, topic, { qos: rclQos(rcl, qos, reliability) }, receive);

  let reliability = qos.reliability === "match" ? offered(node, topic) : qos.reliability;
  let subscription = open(reliability);
  const follow = guarded(log, `Matching the publishers of ${topic}`, () => {
    const now = offered(node, topic);
    if (now === reliability) return;
    reliability = now;
    node.destroySubscription(subscription);
    subscription = open(now);
    log.debug(`The subscription to ${topic} is now ${now}, as its publishers are.`);
  });
  const timer = qos.reliability === "match" ? setInterval(follow, LOOK_EVERY) : undefined;
  const leave = shared ? frames.subscribe(topic, qos, log, next) : undefined;
  return {
    unsubscribe: () => {
      clearInterval(timer);
      leave?.();
      node.destroySubscription(subscription);
    },
  };
}

/** What a subscription must ask for to hear every publisher there is. */
function offered(node: RclNode, topic: string): FixedReliability {
  const publishers = node.getPublishersInfoByTopic(topic);
  return publishers.every(({ qos_profile }) => isReliable(qos_profile.reliability))
    ? "reliable"
    : "best-effort";
}
