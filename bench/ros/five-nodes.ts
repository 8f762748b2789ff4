/**
 * All five nodes in one process, as `autofocus_container` runs them, with the frames of a prepared camera: which node has
 * received how many of them, when, and what else the process got done. Autofocus is in its mode `continuous`,
 * focus_strategy drives the lens for a video, and fusion makes it, as a viewer wants to see it.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { tap } from "rxjs";
import { systemClock } from "../../src/core/clock.ts";
import type { Milliseconds } from "../../src/core/units.ts";
import { loadLens } from "../../src/io/lens-file.ts";
import { createCameraDriverNode } from "../../src/nodes/camera-driver-node.ts";
import { NodeCatalog } from "../../src/nodes/catalog.ts";
import { NODE_NAMES, type NodeName } from "../../src/nodes/node-names.ts";
import type { HeaderMsg } from "../../src/ros/messages.ts";
import { IMAGE_SUBSCRIPTION_QOS, type MessageType, type RosNode } from "../../src/ros/port.ts";
import { createRclnodejsContext } from "../../src/ros/rclnodejs-adapter.ts";
import { fromTime } from "../../src/ros/time.ts";
import { IMAGE } from "./ends.ts";
import { meter, printHead, printRow, share, spread } from "./meters.ts";
import { prepareFrames, PreparedCamera } from "./prepared-camera.ts";

const NAMESPACE = "/bench/camera";
const LENS = "ca378-vcm";

const PARAMETERS: Readonly<Record<NodeName, Readonly<Record<string, unknown>>>> = {
  motor_driver: { lens: LENS },
  camera_driver: { lens: LENS },
  autofocus: { lens: LENS, mode: "continuous" },
  focus_strategy: { lens: LENS, enabled: true },
  fusion: { lens: LENS },
};

export interface Workload {
  readonly width: number;
  readonly height: number;
  /** Frames a second. */
  readonly rate: number;
  readonly seconds: number;
  /** A viewer wants the pictures of fusion, which else does nothing. */
  readonly fused: boolean;
  /** Another process listens to `image_raw` too, as rviz would. */
  readonly watched: boolean;
}

/** What arrived at the subscriptions of the nodes: by node and topic, the stamps and how long they travelled. */
class Arrivals {
  readonly #handedOut = new Map<Milliseconds, number>();
  readonly #received = new Map<
    string,
    { readonly stamps: Set<Milliseconds>; readonly latencies: number[] }
  >();
  #counts = false;

  /** From now on frames count. */
  start(): void {
    this.#counts = true;
  }

  /** Frames handed out from now on do not count. */
  end(): void {
    this.#counts = false;
  }

  handOut(stamp: Milliseconds): void {
    if (this.#counts) this.#handedOut.set(key(stamp), performance.now());
  }

  /** A node whose subscriptions are counted. */
  watch(node: RosNode): RosNode {
    const subscribe = <M extends MessageType>(...[topic, type, qos]: Parameters<RosNode["subscribe"]>) =>
      node
        .subscribe<M>(topic, type as M, qos)
        .pipe(tap((message) => this.#arrive(`${node.name} | ${topic}`, message)));
    return new Proxy(node, {
      get: (target, name) => {
        if (name === "subscribe") return subscribe;
        const value: unknown = Reflect.get(target, name);
        return typeof value === "function" ? (value.bind(target) as unknown) : value;
      },
    });
  }

  #arrive(where: string, message: object): void {
    const { header } = message as { readonly header?: HeaderMsg };
    const stamp = header === undefined ? NaN : key(fromTime(header.stamp));
    const handedOut = this.#handedOut.get(stamp);
    if (handedOut === undefined) return;
    const { stamps, latencies } = this.#received.get(where) ?? { stamps: new Set(), latencies: [] };
    this.#received.set(where, { stamps: stamps.add(stamp), latencies });
    latencies.push(performance.now() - handedOut);
  }

  get handedOut(): number {
    return this.#handedOut.size;
  }

  received(node: NodeName | "viewer", topic: string): readonly number[] {
    return this.#received.get(`${node} | ${topic}`)?.latencies ?? [];
  }

  /** Frames of which picture and position have come to a node. */
  pairs(node: NodeName): number {
    const of = (topic: string): ReadonlySet<Milliseconds> =>
      this.#received.get(`${node} | ${topic}`)?.stamps ?? new Set();
    const focuses = of("frame_focus");
    return [...of("image_raw")].filter((stamp) => focuses.has(stamp)).length;
  }
}

/** Stamps lose their last digits on the way. */
function key(stamp: Milliseconds): Milliseconds {
  return Math.round(100 * stamp) / 100;
}

/** The listener of another process. */
export async function watchForParent(): Promise<void> {
  const context = await createRclnodejsContext();
  const node = await context.createNode("outside");
  let frames = 0;
  node.subscribe(`${NAMESPACE}/image_raw`, IMAGE, IMAGE_SUBSCRIPTION_QOS).subscribe(() => frames++);
  process.on("message", (message) => {
    if (message === "count") process.send?.(frames);
    else void context.shutdown().then(() => process.disconnect());
  });
  process.send?.("listening");
}

/** Runs the nodes and prints what came where. @param main the program that is started as the listener outside. */
export async function measureFiveNodes(workload: Workload, main: string): Promise<void> {
  const { width, height, rate, seconds, fused, watched } = workload;
  const model = await loadLens(LENS);
  const frames = await prepareFrames(model, width, height);
  const arrivals = new Arrivals();
  const context = await createRclnodejsContext();
  const catalog = new NodeCatalog();
  const ready = NODE_NAMES.map(async (name) => {
    const node = arrivals.watch(
      await context.createNode(name, { namespace: NAMESPACE, parameters: PARAMETERS[name] }),
    );
    const running =
      name === "camera_driver"
        ? createCameraDriverNode(node, {
            createCamera: (_settings, _clock, positionAt) =>
              Promise.resolve(
                new PreparedCamera({ frames, rate, positionAt, onFrame: (stamp) => arrivals.handOut(stamp) }),
              ),
            loadModel: () => Promise.resolve(model),
          })
        : await catalog.start(name, node);
    await running.ready;
  });
  await Promise.all(ready);
  const viewer = arrivals.watch(await context.createNode("viewer", { namespace: NAMESPACE }));
  const listen = (topic: string, type: MessageType) =>
    viewer.subscribe(topic, type, IMAGE_SUBSCRIPTION_QOS).subscribe();
  listen("focus_strategy/activation", "intelligent_autofocus/msg/ActivationMatrix");
  if (fused) listen("all_in_focus/image", IMAGE);
  const child = watched ? fork(main, ["watch"], { execArgv: process.execArgv }) : undefined;
  if (child !== undefined) await once(child, "message");
  await systemClock.sleep(3000);

  const outside = async (): Promise<number> => {
    child?.send("count");
    return child === undefined ? 0 : ((await once(child, "message")) as [number])[0];
  };
  const before = await outside();
  const finish = meter();
  arrivals.start();
  await systemClock.sleep(1000 * seconds);
  arrivals.end();
  const { cpu, stall } = finish();
  await systemClock.sleep(500);
  const heard = (await outside()) - before;
  child?.send("end");
  await context.shutdown();
  report(arrivals, workload, `${share(cpu, seconds)} % of a core, longest stall ${stall.toFixed(0)} ms`);
  if (watched)
    process.stdout.write(`\nThe process outside received ${heard} pictures, counted half a second longer.\n`);
}

function report(
  arrivals: Arrivals,
  { width, height, seconds, fused, watched }: Workload,
  usage: string,
): void {
  const all = arrivals.handedOut;
  process.stdout.write(
    `\nFive nodes in one process, ${width}x${height} mono8${fused ? ", fusion at work" : ""}${watched ? ", a listener in another process" : ""}: ` +
      `${(all / seconds).toFixed(1)} frames a second handed out; ${usage}.\n`,
  );
  printHead("node", "what", "received", "latency p50 / p95, ms");
  for (const node of ["autofocus", "focus_strategy", "fusion"] as const) {
    for (const topic of ["image_raw", "frame_focus"]) {
      const latencies = arrivals.received(node, topic);
      printRow(node, topic, `${latencies.length} of ${all}`, spread(latencies));
    }
    printRow(node, "both of a frame", `${arrivals.pairs(node)} of ${all}`, "");
  }
  for (const [what, topic] of [
    ["maps of focus_strategy", "focus_strategy/activation"],
    ["pictures of fusion", "all_in_focus/image"],
  ] as const) {
    const latencies = arrivals.received("viewer", topic);
    printRow("viewer", what, `${(latencies.length / seconds).toFixed(1)} / s`, spread(latencies));
  }
}
