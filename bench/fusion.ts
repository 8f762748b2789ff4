/**
 * Fuses pairs of frames by both methods and by enfuse, where that is installed, and prints time, Qabf and QMI of each, and
 * the agreement with reference pictures where a folder of them is given.
 *
 *     npx tsx bench/fusion.ts PAIRS [REFERENCES]
 *
 * PAIRS holds NAME_A.EXT and NAME_B.EXT, REFERENCES NAME.png: what the authors' code of GFDF makes of them, for example.
 * Times are of fusing decoded frames in memory; enfuse also reads and writes files.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fuseGfdf } from "../src/algorithms/fusion/gfdf/fuse-gfdf.ts";
import { luma } from "../src/algorithms/fusion/luma.ts";
import { edgePreservation } from "../src/algorithms/fusion/metrics/edge-preservation.ts";
import { mutualInformation } from "../src/algorithms/fusion/metrics/mutual-information.ts";
import { psnr } from "../src/algorithms/fusion/metrics/psnr.ts";
import { PairFusion } from "../src/algorithms/fusion/stack/pair-fusion.ts";
import { readFrame, toPicture } from "../src/cli/fuse/frames.ts";
import type { ImageF32, ImageU8 } from "../src/core/image.ts";

const [pairs, references] = process.argv.slice(2);
if (pairs === undefined) throw new Error("usage: bench/fusion.ts PAIRS [REFERENCES]");
const scratch = mkdtempSync(path.join(os.tmpdir(), "fusion-"));
const hasEnfuse = spawnSync("enfuse", ["--version"]).status === 0;
if (!hasEnfuse) console.log("enfuse is not installed: not compared");

/** Undefined for a pair that the program refuses. */
type Method = (a: ImageF32, b: ImageF32, files: readonly string[]) => Promise<ImageF32 | undefined>;
const methods: Record<string, Method> = {
  gfdf: async (a, b) => (await fuseGfdf(a, b)).fused,
  default: async (a, b) => {
    const stack = new PairFusion();
    await stack.add(a, 0);
    await stack.add(b, 1);
    return (await stack.finish()).fused;
  },
  ...(hasEnfuse && {
    enfuse: async (_a: ImageF32, _b: ImageF32, files: readonly string[]) => {
      const out = path.join(scratch, "enfuse.png");
      const weights = ["--exposure-weight=0", "--saturation-weight=0", "--contrast-weight=1", "--hard-mask"];
      const { status } = spawnSync("enfuse", [...weights, "-o", out, ...files]);
      return status === 0 ? await readFrame(out, 3) : undefined;
    },
  }),
};

const eightBit = (source: ImageF32): ImageU8 => toPicture(source, 8) as ImageU8;
const rows: Record<string, { ms: number[]; qabf: number[]; qmi: number[]; psnr: number[] }> = {};

for (const file of readdirSync(pairs)) {
  const found = /^(.*)_A(\.\w+)$/.exec(file);
  if (found === null) continue;
  const [, name = "", extension = ""] = found;
  const files = ["A", "B"].map((side) => path.join(pairs, `${name}_${side}${extension}`));
  const [a, b] = await Promise.all(files.map((each) => readFrame(each, 3)));
  if (a === undefined || b === undefined) continue;
  const reference = references === undefined ? "" : path.join(references, `${name}.png`);
  for (const [method, fuse] of Object.entries(methods)) {
    const begin = performance.now();
    const fused = await fuse(a, b, files);
    const ms = performance.now() - begin;
    if (fused === undefined) continue;
    const row = (rows[method] ??= { ms: [], qabf: [], qmi: [], psnr: [] });
    row.ms.push(ms);
    row.qabf.push(edgePreservation(luma(a), luma(b), luma(fused)));
    row.qmi.push(mutualInformation(eightBit(luma(a)), eightBit(luma(b)), eightBit(luma(fused))));
    if (existsSync(reference))
      row.psnr.push(psnr(eightBit(fused), eightBit(await readFrame(reference, 3)), 255));
  }
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
console.log(`${os.cpus()[0]?.model ?? "?"}, ${new Date().toISOString().slice(0, 10)}`);
console.table(
  Object.fromEntries(
    Object.entries(rows).map(([method, row]) => [
      method,
      {
        pairs: row.ms.length,
        "ms (median)": Math.round(median(row.ms)),
        Qabf: Number(mean(row.qabf).toFixed(3)),
        QMI: Number(mean(row.qmi).toFixed(3)),
        ...(row.psnr.length > 0 && {
          "dB to reference (least)": Number(Math.min(...row.psnr).toFixed(1)),
          "pairs of at least 35 dB": row.psnr.filter((value) => value >= 35).length,
        }),
      },
    ]),
  ),
);
