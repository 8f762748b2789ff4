/**
 * Milliseconds of the native kernels, through their facade, beside OpenCV where Python has it (Debian and Ubuntu:
 * python3-opencv; the variable PYTHON names another interpreter than python3). Both run on one core, in turn, on the
 * same sizes; the best of several runs counts.
 *
 *     npx tsx bench/kernels.ts
 */
import { image, type ImageF32, type ImageU8 } from "../src/core/image.ts";
import * as native from "../src/core/native/index.ts";
import { seededRandom } from "../src/core/random.ts";
import { best, describe, openCv } from "./opencv.ts";

const RUNS = 15;
const random = seededRandom(1);

function noise(width: number, height: number, channels: 1 | 3 = 1): ImageF32 {
  return image(
    width,
    height,
    channels,
    Float32Array.from({ length: width * height * channels }, () => random.next()),
  );
}

function bytes(width: number, height: number, channels: 1 | 3 = 1): ImageU8 {
  const data = Uint8Array.from({ length: width * height * channels }, () => 256 * random.next());
  return image(width, height, channels, data);
}

const frame = noise(1920, 1080);
const photograph = noise(1152, 1024);
const window512 = bytes(512, 512);
const colour = bytes(1920, 1080, 3);
const roi = { x: 288, y: 256, width: 576, height: 512 };
const prepared = await native.DiskBlurrer.create(photograph, 165, { roi });
const scene = noise(640, 480, 3);
const slices = image(
  640,
  480,
  1,
  Uint8Array.from({ length: 640 * 480 }, (_, at) => Math.floor(at / 640 / 20)),
);
const radii = Float32Array.from({ length: 24 }, (_, layer) => (Math.abs(layer - 8) / 16) * 20);
const raw = { data: bytes(1920, 1080).data, width: 1920, height: 1080, step: 1920, isBigEndian: false };
const exposure = { gain: 1, gamma: 2.2, shotNoise: 5000, readNoise: 0.01, seed: 1 };
const enlarged = [0.97, 0, 28.8, 0, 0.97, 16.2] as const;

/** Names are those of bench/kernels_opencv.py where OpenCV has a counterpart. */
const kernels: Readonly<Record<string, () => Promise<unknown>>> = {
  "disk blur, r = 10, 576x512": () => native.diskBlur(photograph, 10, { roi }),
  "disk blur, r = 160, 576x512": () => native.diskBlur(photograph, 160, { roi }),
  "disk blur, r = 160, 576x512, prepared": () => prepared.blur(160),
  "Gaussian blur, sigma = 3, 1920x1080": () => native.gaussianBlur(frame, 3),
  "box filter, r = 8, 1920x1080": () => native.boxFilter(frame, 8, "replicate"),
  "guided filter, r = 8, 1920x1080": () => native.guidedFilter(frame, frame, 8, 0.01),
  "resample bicubic, 1920x1080": () =>
    native.resample(frame, {
      width: 1920,
      height: 1080,
      matrix: enlarged,
      filter: "bicubic",
      border: "replicate",
    }),
  "Tenengrad, 512x512": () => native.focusMeasure("tenengrad", window512),
  "gray, 1920x1080": () => native.toGray(colour),
  "Bayer to rgb, 1920x1080": () => native.convertPixels({ ...raw, encoding: "bayer_rggb8" }, "rgb"),
  "YUYV to rgb, 960x1080": () => native.convertPixels({ ...raw, width: 960, encoding: "yuyv" }, "rgb"),
  "defocus of 24 layers, r <= 20, 640x480 rgb": () => native.renderDefocus(scene, slices, radii),
  "expose with noise, 640x480 rgb": () => native.expose(scene, exposure),
};

const peer = openCv("kernels_opencv.py", RUNS);
console.log(describe(peer));
console.log(`best of ${RUNS} runs\n`);
console.log(`${"kernel".padEnd(44)} ${"ms".padStart(8)} ${"OpenCV".padStart(8)} ${"ratio".padStart(7)}`);
for (const [name, work] of Object.entries(kernels)) {
  const own = await best(RUNS, work);
  const theirs = typeof peer === "string" ? undefined : peer.times[name];
  const beside =
    theirs === undefined ? "" : `${theirs.toFixed(2).padStart(8)} ${(own / theirs).toFixed(2).padStart(7)}`;
  console.log(`${name.padEnd(44)} ${own.toFixed(2).padStart(8)} ${beside}`);
}
