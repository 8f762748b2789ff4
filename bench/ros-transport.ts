/**
 * Pictures over ROS 2: frames lost, latency (publish call to callback), how long `publish` blocks, and CPU, for this
 * package inside a process and between two, beside a plain rclnodejs publisher and subscriber of objects.
 *
 *     npm run bench:ros -- [seconds for each row, 10]         needs ROS 2 and this package sourced
 *
 * CPU is a share of one core, for sender and receiver. Cyclone DDS wants config/cyclonedds.xml for large pictures.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { cpus } from "node:os";
import { systemClock } from "../src/core/clock.ts";
import { newMessage } from "../src/ros/message.ts";
import type { ImageMsg } from "../src/ros/messages.ts";
import { IMAGE_QOS, type RosContext } from "../src/ros/port.ts";
import { createRclnodejsContext } from "../src/ros/rclnodejs-adapter.ts";
import { fromTime, toTime } from "../src/ros/time.ts";

const RATE = 30;
const IMAGE = "sensor_msgs/msg/Image";
const TOPIC = "/bench/picture";
const SIZES = [
  [640, 480],
  [1280, 720],
  [1920, 1080],
] as const;

type Kind = "ours" | "plain";

/** One way to send and receive pictures. */
interface Ends {
  send(): Promise<{ readonly listeners: () => number; readonly publish: (image: ImageMsg) => void }>;
  receive(onImage: (image: ImageMsg) => void): Promise<void>;
  close(): Promise<void>;
}

async function ours(): Promise<Ends> {
  const context: RosContext = await createRclnodejsContext();
  return {
    send: async () => {
      const publisher = (await context.createNode("sender")).publish(TOPIC, IMAGE, IMAGE_QOS);
      return {
        listeners: () => publisher.subscriptionCount,
        publish: (image) => publisher.publish(image),
      };
    },
    receive: async (onImage) =>
      void (await context.createNode("receiver")).subscribe(TOPIC, IMAGE, IMAGE_QOS).subscribe(onImage),
    close: () => context.shutdown(),
  };
}

/** As its documentation shows it: objects in, objects out. */
async function plain(): Promise<Ends> {
  const name: string = "rclnodejs";
  const { default: rcl } = (await import(name)) as { default: Record<string, never> };
  const { init, shutdown, Node, QoS } = rcl as never as {
    init: () => Promise<void>;
    shutdown: () => void;
    Node: new (name: string) => {
      spin: () => void;
      createPublisher: (type: string, topic: string, options: object) => never;
      createSubscription: (type: string, topic: string, options: object, callback: unknown) => void;
    };
    QoS: new (...values: number[]) => object;
  };
  await init.call(rcl);
  const options = { qos: new QoS(1, IMAGE_QOS.depth, 1, 2) };
  const node = (role: string) => {
    const made = new Node(role);
    made.spin();
    return made;
  };
  return {
    send: () => {
      const publisher: { subscriptionCount: number; publish: (image: ImageMsg) => void } = node(
        "plain_sender",
      ).createPublisher(IMAGE, TOPIC, options);
      return Promise.resolve({
        listeners: () => publisher.subscriptionCount,
        publish: (image) => publisher.publish(image),
      });
    },
    receive: (onImage) => {
      node("plain_receiver").createSubscription(IMAGE, TOPIC, options, onImage);
      return Promise.resolve();
    },
    close: () => {
      shutdown.call(rcl);
      return Promise.resolve();
    },
  };
}

const MAKERS: Readonly<Record<Kind, () => Promise<Ends>>> = { ours, plain };

interface Received {
  readonly latencies: readonly number[];
  readonly cpu: number;
}

/** Collects what arrives; the function returned ends that. */
async function collect(ends: Ends): Promise<() => Received> {
  const latencies: number[] = [];
  await ends.receive(({ header: { stamp } }) => latencies.push(systemClock.now() - fromTime(stamp)));
  const cpu = cpuMeter();
  return () => ({ latencies, cpu: cpu() });
}

/** Share of one core used since the call, by this process. */
function cpuMeter(): () => number {
  const [start, before] = [performance.now(), process.cpuUsage()];
  return () => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000 / (performance.now() - start);
  };
}

/** The receiver of another process: tells its parent when it listens and, when told to end, what it received. */
async function receiveForParent(kind: Kind): Promise<void> {
  const ends = await MAKERS[kind]();
  const finish = await collect(ends);
  process.once("message", () => {
    process.send?.(finish());
    void ends.close().then(() => process.disconnect());
  });
  process.send?.("listening");
}

function picture(width: number, height: number, encoding: "mono8" | "rgb8"): ImageMsg {
  const step = width * (encoding === "mono8" ? 1 : 3);
  return newMessage(IMAGE, { width, height, encoding, step, data: new Uint8Array(step * height).fill(127) });
}

async function measure(kind: Kind, apart: boolean, image: ImageMsg, seconds: number): Promise<string> {
  const ends = await MAKERS[kind]();
  const { listeners, publish } = await ends.send();
  const child = apart
    ? fork(import.meta.filename, ["receive", kind], { execArgv: process.execArgv })
    : undefined;
  let finish: (() => Received) | undefined;
  if (child === undefined) finish = await collect(ends);
  else await once(child, "message");
  while (listeners() === 0) await systemClock.sleep(20);
  await systemClock.sleep(500);

  const blocked: number[] = [];
  const cpu = cpuMeter();
  const start = performance.now();
  const frames = RATE * seconds;
  for (let frame = 0; frame < frames; frame++) {
    await systemClock.sleep(Math.max(0, start + (1000 * frame) / RATE - performance.now()));
    const message = { ...image, header: { ...image.header, stamp: toTime(systemClock.now()) } };
    const before = performance.now();
    publish(message);
    blocked.push(performance.now() - before);
  }
  const sender = cpu();
  await systemClock.sleep(500);
  let received: Received;
  if (finish !== undefined) received = finish();
  else {
    child?.send("end");
    received = ((await once(child as NonNullable<typeof child>, "message")) as [Received])[0];
  }
  await ends.close();
  return row(kind, apart, image, frames, blocked, sender, received);
}

function row(
  kind: Kind,
  apart: boolean,
  { width, height, encoding }: ImageMsg,
  frames: number,
  blocked: readonly number[],
  sender: number,
  { latencies, cpu }: Received,
): string {
  const cells = [
    kind === "ours" ? "this package" : "plain rclnodejs",
    apart ? "two processes" : "one process",
    `${width}x${height}`,
    encoding,
    `${frames - latencies.length} of ${frames}`,
    `${quantile(latencies, 0.5)} / ${quantile(latencies, 0.95)}`,
    `${quantile(blocked, 0.5)} / ${quantile(blocked, 0.95)}`,
    `${(100 * sender).toFixed(0)}${apart ? ` + ${(100 * cpu).toFixed(0)}` : ""}`,
  ];
  return `| ${cells.join(" | ")} |`;
}

function quantile(values: readonly number[], share: number): string {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN).toFixed(2);
}

async function main(seconds: number): Promise<void> {
  process.stdout.write(
    `${cpus()[0]?.model ?? ""}, ${cpus().length} cores, ${RATE} frames a second, ${process.env["ROS_DISTRO"] ?? ""}, ${process.env["RMW_IMPLEMENTATION"] ?? "default middleware"}, ${new Date().toISOString().slice(0, 10)}\n\n` +
      "| | | size | encoding | lost | latency p50 / p95, ms | publish blocks p50 / p95, ms | CPU, % of a core |\n" +
      "| --- | --- | --- | --- | --- | --- | --- | --- |\n",
  );
  for (const apart of [false, true])
    for (const [width, height] of SIZES)
      for (const encoding of ["mono8", "rgb8"] as const)
        for (const kind of ["ours", "plain"] as const)
          process.stdout.write(`${await measure(kind, apart, picture(width, height, encoding), seconds)}\n`);
}

const [role, kind] = process.argv.slice(2);
if (role === "receive") await receiveForParent(kind as Kind);
else await main(Number(role ?? 10));
