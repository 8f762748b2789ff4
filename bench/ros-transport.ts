/**
 * Pictures over ROS 2: what is lost, how late they come, how long `publish` blocks, and CPU time. This package inside a
 * process and between two, beside a plain rclnodejs publisher and subscriber of objects; then all five nodes in one
 * process (`five`), and with a viewer of the fused pictures (`fused`). docs/performance.md has figures.
 *
 *     npm run bench:ros -- [--seconds 10] [--rate 30] [--only one,two,five,fused] [--best-effort] [--large] [--busy 300]
 *
 * needs ROS 2 and this package sourced. `--large` leaves out the sizes below 1920x1080; `--busy` keeps receivers busy with
 * something else once for so many milliseconds. For pictures of several megabytes Cyclone DDS wants config/cyclonedds.xml.
 */
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { receiveForParent, measureStream, printStreamHead } from "./ros/stream.ts";
import type { Kind, Reliability } from "./ros/ends.ts";
import { measureFiveNodes, watchForParent, type Workload } from "./ros/five-nodes.ts";

const SIZES = [
  [640, 480],
  [1280, 720],
  [1920, 1080],
] as const;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seconds: { type: "string", default: "10" },
      rate: { type: "string", default: "30" },
      only: { type: "string", default: "one,two,five,fused" },
      "best-effort": { type: "boolean", default: false },
      large: { type: "boolean", default: false },
      busy: { type: "string", default: "0" },
    },
  });
  const [seconds, rate, busy] = [values.seconds, values.rate, values.busy].map(Number) as [
    number,
    number,
    number,
  ];
  const reliability = values["best-effort"] ? "best-effort" : "reliable";
  const parts = values.only.split(",");
  const { env } = process;
  process.stdout.write(
    `${cpus()[0]?.model ?? ""}, ${cpus().length} cores, ${env["ROS_DISTRO"] ?? ""}, ${env["RMW_IMPLEMENTATION"] ?? "default middleware"}, ${reliability}, ${rate} frames a second for ${seconds} s, ${new Date().toISOString().slice(0, 10)}\n`,
  );
  const sizes = values.large ? SIZES.slice(-1) : SIZES;
  for (const where of ["one", "two"].filter((each) => parts.includes(each))) {
    printStreamHead();
    for (const [width, height] of sizes)
      for (const encoding of ["mono8", "rgb8"] as const)
        for (const kind of ["ours", "plain"] as const) {
          const apart = where === "two";
          const stream = { kind, apart, width, height, encoding, reliability, rate, seconds, busy } as const;
          await measureStream(stream, import.meta.filename);
        }
  }
  const measure = (width: number, height: number, load: Pick<Workload, "fused" | "watched">): Promise<void> =>
    measureFiveNodes({ width, height, rate, seconds, ...load }, import.meta.filename);
  if (parts.includes("five"))
    for (const watched of [false, true]) await measure(1920, 1080, { fused: false, watched });
  if (parts.includes("fused"))
    for (const [width, height] of sizes) await measure(width, height, { fused: true, watched: false });
}

const [role, ...rest] = process.argv.slice(2);
if (role === "receive") {
  const [kind, reliability, busy] = rest as [Kind, Reliability, string];
  await receiveForParent(kind, reliability, Number(busy));
} else if (role === "watch") await watchForParent();
else await main();
