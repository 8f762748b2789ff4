/** A node as rclnodejs makes them, of which tests call the callbacks themselves. */
import type { Plain, RclNode, RclResponse } from "../../src/ros/rclnodejs/library.ts";
import { SharedFrames } from "../../src/ros/rclnodejs/shared-frames.ts";
import type { NodeParts } from "../../src/ros/rclnodejs/topics.ts";

type ServiceCallback = (request: Plain, response: RclResponse) => void;
type MessageCallback = (message: Plain) => void;

export interface FakeNode {
  readonly parts: NodeParts;
  readonly logged: string[];
  readonly published: Plain[];
  /** Subscriptions now, with the reliability (1 reliable, 2 best effort) each asked for. */
  readonly subscriptions: { readonly reliability: number; readonly receive: MessageCallback }[];
  /** Subscriptions of all processes that a publisher counts. */
  subscriptionCount: number;
  /** Reliabilities of the publishers that the graph tells of. */
  publishers: number[];
  /** Sends a request to a service and resolves with its answer. */
  request(service: string, request: Plain): Promise<Plain>;
}

export function fakeNode(): FakeNode {
  const services = new Map<string, ServiceCallback>();
  const logged: string[] = [];
  const published: Plain[] = [];
  const subscriptions: { reliability: number; receive: MessageCallback }[] = [];
  const log = (line: string): void => void logged.push(line);
  let simulated = false;
  const node = {
    createService: (_type: string, name: string, _options: object, callback: ServiceCallback) => {
      services.set(name, callback);
      return { serviceName: name };
    },
    createPublisher: () => ({
      get subscriptionCount() {
        return fake.subscriptionCount;
      },
      publish: (message: Plain) => void published.push(message),
    }),
    createSubscription: (
      _type: string,
      _topic: string,
      { qos }: { qos: { reliability: number } },
      receive: MessageCallback,
    ) => {
      const subscription = { reliability: qos.reliability, receive };
      subscriptions.push(subscription);
      return subscription;
    },
    destroySubscription: (subscription: (typeof subscriptions)[number]) =>
      void subscriptions.splice(subscriptions.indexOf(subscription), 1),
    destroyPublisher: () => undefined,
    destroyService: () => undefined,
    getPublishersInfoByTopic: () => fake.publishers.map((reliability) => ({ qos_profile: { reliability } })),
    getClock: () => ({ now: () => ({ nanoseconds: 1_500_000_000n }) }),
    getParameter: () => ({ value: simulated }),
    setParameter: ({ value }: { value: boolean }) => {
      simulated = value;
      return { successful: true, reason: "" };
    },
  };
  const levels = new Map([["cam.alice", 20]]);
  const rcl = {
    logging: {
      getLogger: (name: string) => ({
        get loggerEffectiveLevel() {
          return levels.get(name) ?? fail(`no logger ${name}`);
        },
        setLoggerLevel: (level: number) => {
          if (level > 50) fail(`no level ${level}`);
          levels.set(name, level);
        },
      }),
    },
    QoS: class {
      readonly reliability: number;
      constructor(_history: number, _depth: number, reliability: number) {
        this.reliability = reliability;
      }
    },
    Parameter: class {
      readonly value: unknown;
      constructor(_name: string, _type: number, value: unknown) {
        this.value = value;
      }
    },
  };
  const fake: FakeNode = {
    parts: {
      rcl: rcl as unknown as NodeParts["rcl"],
      node: node as unknown as RclNode,
      log: { debug: log, info: log, warn: log, error: log, fatal: log },
      frames: new SharedFrames(),
    },
    logged,
    published,
    subscriptions,
    subscriptionCount: 1,
    publishers: [],
    request: (service, request) =>
      new Promise((resolve) => services.get(service)?.(request, { send: resolve })),
  };
  return fake;
}

function fail(message: string): never {
  throw new Error(message);
}
