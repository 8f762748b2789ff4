/**
 * Milliseconds of the networks with everything they need, beside OpenCV's Tenengrad (paper 1, Table 3) in the same run: one
 * patch of 512x512 px on one core each, and maps of whole frames on all cores. The best of several runs counts; the CPU time
 * of a frame, over all threads, is the mean.
 *
 *     npx tsx bench/inference.ts
 *
 * Run it as `taskset -c 0 npx tsx bench/inference.ts --patch` for the patches on one core.
 */
import { patchGrid } from "../src/algorithms/rois/patch-grid.ts";
import { image, type ImageU8 } from "../src/core/image.ts";
import { seededRandom } from "../src/core/random.ts";
import { DefocusEstimator } from "../src/inference/defocus-estimator.ts";
import { GlobalPaperNetworks } from "../src/inference/global-paper-networks.ts";
import { PaperNetworks } from "../src/inference/paper-networks.ts";
import { SharpnessEstimator } from "../src/inference/sharpness-estimator.ts";
import { best, describe, openCv } from "./opencv.ts";

const PATCH_RUNS = 40;
const FRAME_RUNS = 5;
const STRIDE = 128;
const random = seededRandom(1);

const noise = (width: number, height: number): ImageU8 =>
  image(
    width,
    height,
    1,
    Uint8Array.from({ length: width * height }, () => 256 * random.next()),
  );

const peer = openCv("inference_opencv.py", PATCH_RUNS);
const tenengrad = typeof peer === "string" ? NaN : (peer.times["Tenengrad, 512x512"] ?? NaN);
console.log(`${describe(peer)}\n`);
const paper = await PaperNetworks.load();
const whole = await GlobalPaperNetworks.load();
const defocus = await DefocusEstimator.load();
const sharpness = await SharpnessEstimator.load();

const patch = noise(512, 512);
const roi = { x: 0, y: 0, width: 512, height: 512 };
console.log(`${"512x512 px".padEnd(44)} ${"ms".padStart(8)} ${"of Tenengrad".padStart(13)}`);
console.log(`${"Tenengrad, OpenCV".padEnd(44)} ${tenengrad.toFixed(2).padStart(8)}`);
for (const [name, work] of Object.entries({
  "paper's estimator and discriminator": () => paper.read(patch, roi),
  "defocus: spectrum, network, decision": () => defocus.read(patch, [roi]),
})) {
  const time = await best(PATCH_RUNS, work);
  console.log(
    `${name.padEnd(44)} ${time.toFixed(2).padStart(8)} ${(time / tenengrad).toFixed(2).padStart(13)}`,
  );
}

if (!process.argv.includes("--patch")) {
  console.log(
    `\n${`frames, stride ${STRIDE} px`.padEnd(60)} ${"ms".padStart(8)} ${"a second".padStart(9)} ${"CPU ms".padStart(9)}`,
  );
  for (const [width, height] of [
    [1920, 1080],
    [3840, 2160],
  ] as const) {
    const frame = noise(width, height);
    const grid = patchGrid(width, height, 512, STRIDE);
    const small = patchGrid(width, height, 256, STRIDE);
    for (const [name, work] of Object.entries({
      "paper's networks, frame at once": () => whole.map(frame, STRIDE),
      [`paper's networks, ${grid.patches.length} patches one by one`]: async () => {
        for (const each of grid.patches) await paper.read(frame, each);
      },
      [`defocus, ${grid.patches.length} patches of 512 px`]: () => defocus.read(frame, grid.patches),
      [`defocus, ${small.patches.length} patches of 256 px`]: () => defocus.read(frame, small.patches),
      "sharpness, every 8 px": () => sharpness.map(frame),
    })) {
      const time = await best(FRAME_RUNS, work);
      const used = process.cpuUsage();
      for (let run = 0; run < FRAME_RUNS; run++) await work();
      const { user, system } = process.cpuUsage(used);
      console.log(
        `${`${width}x${height} ${name}`.padEnd(60)} ${time.toFixed(1).padStart(8)} ${(1000 / time).toFixed(1).padStart(9)} ${((user + system) / 1000 / FRAME_RUNS).toFixed(1).padStart(9)}`,
      );
    }
  }
}
await Promise.all([paper, whole, defocus, sharpness].map((each) => each.dispose()));
