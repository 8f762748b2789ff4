/** Pairs of frames NAME_A.EXT and NAME_B.EXT: what each program keeps of them, by the metrics of Liu et al. 2012 and Qabf. */
import { mkdtemp, readdir, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { contrastPreservation } from "../../algorithms/fusion/metrics/contrast-preservation.ts";
import { edgePreservation } from "../../algorithms/fusion/metrics/edge-preservation.ts";
import { gradientPreservation } from "../../algorithms/fusion/metrics/gradient-preservation.ts";
import { mutualInformation } from "../../algorithms/fusion/metrics/mutual-information.ts";
import { nonlinearCorrelation } from "../../algorithms/fusion/metrics/nonlinear-correlation.ts";
import { toGrayF32 } from "../../core/native/index.ts";
import type { ImageU8 } from "../../core/image.ts";
import type { Milliseconds } from "../../core/units.ts";
import { readGray } from "../../io/picture.ts";
import type { StartProgress } from "../part.ts";
import { fuseFiles, fusersIn, type Fuser } from "./fusers.ts";

export const PAIR_METRICS = ["QG", "Qabf", "QMI", "QNCIE", "QCB"] as const;

export interface PairResult {
  readonly pair: string;
  readonly fuser: string;
  readonly milliseconds: Milliseconds;
  readonly values: Readonly<Record<(typeof PAIR_METRICS)[number], number>>;
}

interface Pair {
  readonly name: string;
  readonly frames: readonly [string, string];
}

/** Of every pair and every program that gives a picture of its size. */
export async function studyPairs(
  folder: string,
  all: readonly Fuser[],
  quick: boolean,
  progress: StartProgress,
): Promise<PairResult[]> {
  const fusers = fusersIn("pairs", all);
  const pairs = (await pairsIn(folder)).slice(0, quick ? 1 : undefined);
  const scratch = await mkdtemp(path.join(os.tmpdir(), "pairs-"));
  const advance = progress("fusion of pairs", pairs.length * fusers.length);
  const results: PairResult[] = [];
  try {
    for (const { name, frames } of pairs)
      for (const fuser of fusers) {
        const out = path.join(scratch, "fused.png");
        const milliseconds = await fuseFiles(fuser, frames, out);
        if (milliseconds !== undefined) {
          const [a, b, fused] = await Promise.all([readGray(frames[0]), readGray(frames[1]), readGray(out)]);
          if (fused.width === a.width && fused.height === a.height)
            results.push({
              pair: name,
              fuser: fuser.name,
              milliseconds,
              values: await valuesOf(a, b, fused),
            });
        }
        advance();
      }
  } finally {
    await rm(scratch, { recursive: true });
  }
  return results;
}

async function valuesOf(a: ImageU8, b: ImageU8, fused: ImageU8): Promise<PairResult["values"]> {
  const [floatA, floatB, floatFused] = await Promise.all([toGrayF32(a), toGrayF32(b), toGrayF32(fused)]);
  return {
    QG: gradientPreservation(a, b, fused),
    Qabf: edgePreservation(floatA, floatB, floatFused),
    QMI: mutualInformation(a, b, fused),
    QNCIE: nonlinearCorrelation(a, b, fused),
    QCB: contrastPreservation(a, b, fused),
  };
}

async function pairsIn(folder: string): Promise<Pair[]> {
  const names = (await readdir(folder)).sort();
  return names.flatMap((name) => {
    const [, stem, ending] = /^(.*)_A(\.\w+)$/.exec(name) ?? [];
    if (stem === undefined || ending === undefined || !names.includes(`${stem}_B${ending}`)) return [];
    return [{ name: stem, frames: [path.join(folder, name), path.join(folder, `${stem}_B${ending}`)] }];
  });
}
