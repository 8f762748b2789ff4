/** What `doctor` looks at, in the order of the report. */
import { readdir, readFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { AutofocusError } from "../../core/errors.ts";
import { image } from "../../core/image.ts";
import { diskBlur } from "../../core/native/index.ts";
import { DefocusEstimator } from "../../inference/defocus-estimator.ts";
import { PaperNetworks } from "../../inference/paper-networks.ts";
import { lensNames, loadLens } from "../../io/lens-file.ts";
import { encode } from "../../io/picture.ts";
import { essential, type Finding } from "./check.ts";

const LEAST_NODE = [20, 20, 2] as const;

/** Everything, in the order of the report. `environment` is the process' own but for tests. */
export function examine(environment: NodeJS.ProcessEnv = process.env): Promise<readonly Finding[]> {
  return Promise.all([
    essential("Node.js", node),
    essential("machine", machine),
    essential("native kernels", nativeKernels),
    essential("pictures (sharp)", pictures),
    essential("radius network", radiusNetwork),
    essential("paper's networks", paperNetworks),
    essential("lens files", lensFiles),
    ros(environment),
    cameras(),
  ]);
}

function node(): string {
  const version = process.versions.node;
  if (!isAtLeast(version, LEAST_NODE)) {
    throw new AutofocusError("internal", `Node.js ${version} is too old.`, {
      cure: `Install Node.js ${LEAST_NODE.join(".")} or newer.`,
    });
  }
  return version;
}

/** Whether a version such as `20.20.2` is `least` or newer. */
export function isAtLeast(version: string, least: readonly number[]): boolean {
  const parts = version.split(".").map(Number);
  const at = least.findIndex((wanted, index) => parts[index] !== wanted);
  return at < 0 || (parts[at] ?? 0) > (least[at] ?? 0);
}

function machine(): string {
  const gibibytes = (os.totalmem() / 2 ** 30).toFixed(0);
  return `${process.platform} ${process.arch}, ${os.availableParallelism()} cores, ${gibibytes} GiB`;
}

async function nativeKernels(): Promise<string> {
  const point = image(9, 9, 1, new Float32Array(81).fill(0));
  point.data[40] = 1;
  const disk = await diskBlur(point, 2);
  const sum = disk.data.reduce((total, value) => total + value, 0);
  if (Math.abs(sum - 1) > 1e-4)
    throw new AutofocusError("internal", `A blurred point sums to ${sum}, not to 1.`, {
      cure: "Rebuild with `npm rebuild`.",
    });
  return "loaded, and a blurred point keeps its light";
}

async function pictures(): Promise<string> {
  const png = await encode(image(2, 2, 1, Uint8Array.of(0, 80, 160, 255)), "png");
  return `writes PNG (${png.length} bytes)`;
}

async function radiusNetwork(): Promise<string> {
  const estimator = await DefocusEstimator.load();
  try {
    const side = Math.max(...estimator.sizes);
    const noise = Uint8Array.from({ length: side * side }, (_, index) => Math.imul(index, 2654435761) >>> 24);
    await estimator.read(image(side, side, 1, noise), [{ x: 0, y: 0, width: side, height: side }]);
    return `runs, patches of ${estimator.sizes.join(", ")} px`;
  } finally {
    await estimator.dispose();
  }
}

async function paperNetworks(): Promise<string> {
  const networks = await PaperNetworks.load();
  await networks.dispose();
  return "step estimator and focus discriminator load";
}

async function lensFiles(): Promise<string> {
  const names = await lensNames();
  await Promise.all(names.map(loadLens));
  return names.join(", ");
}

async function ros(environment: NodeJS.ProcessEnv): Promise<Finding> {
  const { ROS_DISTRO: distribution, AMENT_PREFIX_PATH: prefixes } = environment;
  const name = "ROS 2";
  if (distribution === undefined || prefixes === undefined) {
    return {
      name,
      status: "missing",
      detail: "not sourced; commands and the embedded graph work without it",
      cure: "For nodes on ROS 2: `source /opt/ros/<distribution>/setup.bash`, then `npm install`.",
    };
  }
  const installed = await exists(new URL("../../../node_modules/rclnodejs/package.json", import.meta.url));
  if (installed) return { name, status: "ok", detail: `${distribution}, rclnodejs is installed` };
  return {
    name,
    status: "missing",
    detail: `${distribution} is sourced, but rclnodejs is not installed`,
    cure: "Run `npm install` in this shell, so that npm builds rclnodejs against ROS 2.",
  };
}

async function exists(file: URL): Promise<boolean> {
  return readFile(file).then(
    () => true,
    () => false,
  );
}

const VIDEO_DEVICES = "/sys/class/video4linux";

async function cameras(): Promise<Finding> {
  const name = "cameras (V4L2)";
  const devices = await readdir(VIDEO_DEVICES).catch(() => []);
  if (devices.length === 0)
    return { name, status: "missing", detail: "none; the simulated and the replayed camera need none" };
  const described = await Promise.all(
    devices.map(async (device) => {
      const model = await readFile(path.join(VIDEO_DEVICES, device, "name"), "utf8").catch(() => "?");
      return `/dev/${device} ${model.trim()}`;
    }),
  );
  return { name, status: "ok", detail: described.join(", ") };
}
