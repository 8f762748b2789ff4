/** One stream of pictures, from one node to another in the same process or in one of its own. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { systemClock } from "../../src/core/clock.ts";
import { newMessage } from "../../src/ros/message.ts";
import type { ImageMsg } from "../../src/ros/messages.ts";
import { fromTime, toTime } from "../../src/ros/time.ts";
import { ENDS, IMAGE, type Ends, type Kind, type Reliability } from "./ends.ts";
import { meter, printHead, printRow, share, spread, type Usage } from "./meters.ts";

export interface Stream {
  readonly kind: Kind;
  /** The receiver is a process of its own. */
  readonly apart: boolean;
  readonly width: number;
  readonly height: number;
  readonly encoding: "mono8" | "rgb8";
  readonly reliability: Reliability;
  /** Frames a second. */
  readonly rate: number;
  readonly seconds: number;
  /** For how long the receiver is busy with something else, once, ms. */
  readonly busy: number;
}

interface Received extends Usage {
  /** From the call of `publish` to the callback, ms. */
  readonly latencies: readonly number[];
}

/** Sent and received before counting starts, while compilers and memory settle. */
const WARM_UP = 15;

/** How many frames have come when the receiver gets busy. */
const BUSY_AFTER = 30;

/** Longer than any picture travels, ms. */
const STRAGGLERS = 1000;

/** Collects what arrives; the function returned ends that. */
async function collect(ends: Ends, busy: number): Promise<() => Received> {
  const latencies: number[] = [];
  let finish = meter();
  let seen = 0;
  await ends.receive(({ header: { stamp } }) => {
    if (stamp.sec === 0) {
      if (++seen === WARM_UP) finish = meter();
      return;
    }
    latencies.push(systemClock.now() - fromTime(stamp));
    if (latencies.length === BUSY_AFTER) block(busy);
  });
  return () => ({ latencies, ...finish() });
}

/** Keeps the event loop from everything else. */
function block(duration: number): void {
  const end = performance.now() + duration;
  while (performance.now() < end);
}

/** The receiver of another process: tells its parent when it listens and, when told to end, what it received. */
export async function receiveForParent(kind: Kind, reliability: Reliability, busy: number): Promise<void> {
  const ends = await ENDS[kind](reliability);
  const finish = await collect(ends, busy);
  process.once("message", () => {
    process.send?.(finish());
    void ends.close().then(() => process.disconnect());
  });
  process.send?.("listening");
}

/** A receiver, here or in a process of its own that `main` starts with `receive KIND RELIABILITY BUSY`. */
async function startReceiver(
  { kind, apart, reliability, busy }: Stream,
  ends: Ends,
  main: string,
): Promise<() => Promise<Received>> {
  if (!apart) {
    const finish = await collect(ends, busy);
    return () => Promise.resolve(finish());
  }
  const child = fork(main, ["receive", kind, reliability, String(busy)], { execArgv: process.execArgv });
  await once(child, "message");
  return async () => {
    child.send("end");
    return ((await once(child, "message")) as [Received])[0];
  };
}

export function printStreamHead(): void {
  printHead(
    "",
    "where",
    "size",
    "encoding",
    "received / s",
    "lost",
    "latency p50 / p95, ms",
    "publish blocks p50 / p95, ms",
    "CPU, % of a core",
    "longest stall, ms",
  );
}

/** Sends a stream, and prints what became of it. @param main the program that is started as the receiver. */
export async function measureStream(stream: Stream, main: string): Promise<void> {
  const { kind, apart, width, height, encoding, rate, seconds } = stream;
  const ends = await ENDS[kind](stream.reliability);
  const { listeners, publish } = await ends.send();
  const finish = await startReceiver(stream, ends, main);
  while (listeners() === 0) await systemClock.sleep(20);

  const step = width * (encoding === "mono8" ? 1 : 3);
  const data = new Uint8Array(step * height).fill(127);
  const image: ImageMsg = newMessage(IMAGE, { width, height, encoding, step, data });
  const paced = async (count: number, send: () => void): Promise<void> => {
    const start = performance.now();
    for (let frame = 0; frame < count; frame++) {
      await systemClock.sleep(Math.max(0, start + (1000 * frame) / rate - performance.now()));
      send();
    }
    await systemClock.sleep(STRAGGLERS);
  };

  await paced(WARM_UP, () => publish(image));
  const frames = rate * seconds;
  const blocked: number[] = [];
  const usage = meter();
  await paced(frames, () => {
    const message = { ...image, header: { ...image.header, stamp: toTime(systemClock.now()) } };
    const before = performance.now();
    publish(message);
    blocked.push(performance.now() - before);
  });
  const sender = usage();
  const receiver = await finish();
  await ends.close();
  printRow(
    kind === "ours" ? "this package" : "plain rclnodejs",
    apart ? "two processes" : "one process",
    `${width}x${height}`,
    encoding,
    (receiver.latencies.length / seconds).toFixed(1),
    `${frames - receiver.latencies.length} of ${frames}`,
    spread(receiver.latencies),
    spread(blocked),
    share(sender.cpu, seconds) + (apart ? ` + ${share(receiver.cpu, seconds)}` : ""),
    Math.max(sender.stall, receiver.stall).toFixed(0),
  );
}
