import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { expect } from "chai";
import { image, type ImageU8 } from "../../../src/core/image.ts";
import { seededRandom } from "../../../src/core/random.ts";
import { bestChoice } from "../../../src/evaluation/fusion/best-choice.ts";
import type { Fuser } from "../../../src/evaluation/fusion/fusers.ts";
import { PAIR_METRICS, studyPairs } from "../../../src/evaluation/fusion/pair-study.ts";
import { reportFusion } from "../../../src/evaluation/fusion/report.ts";
import { studySimulated } from "../../../src/evaluation/fusion/simulated-study.ts";
import { loadLens } from "../../../src/io/lens-file.ts";
import { writePicture } from "../../../src/io/picture.ts";
import { noiseU8 } from "../../support/pictures.ts";

/** Stands for a program that fuses: it copies one of the frames. */
const copy = (name: string, of: (frames: readonly string[]) => string): Fuser => ({
  name,
  aligns: false,
  calls: (frames, out) => [{ program: "cp", words: [of(frames), out] }],
});
const FIRST = copy("first", (frames) => frames[0]!);
const BROKEN = copy("broken", () => "/nowhere");
const noProgress = () => () => undefined;

describe("evaluation of fusion", function () {
  this.timeout(20_000);
  let folder = "";

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "fusion-study-"));
    const rings = (shift: number) =>
      image(
        40,
        30,
        1,
        Uint8Array.from({ length: 1200 }, (_, i) => ((i % 40) ** 2 + shift * Math.floor(i / 40)) % 256),
      );
    await writePicture(path.join(folder, "one_A.png"), rings(1));
    await writePicture(path.join(folder, "one_B.png"), rings(7));
    await writePicture(path.join(folder, "alone_A.png"), rings(3));
  });
  after(() => rm(folder, { recursive: true }));

  it("measures pairs, leaving out frames without a partner and programs that fail", async () => {
    const results = await studyPairs(folder, [FIRST, BROKEN], false, noProgress);
    expect(results.map(({ pair, fuser }) => [pair, fuser])).to.deep.equal([["one", "first"]]);
    for (const metric of PAIR_METRICS) expect(results[0]!.values[metric]).to.be.within(0, 2);
  });

  it("compares with the scene that was simulated, and reports it", async () => {
    const simulated = await studySimulated(await loadLens("evetar-25mm"), [FIRST], 1, true, noProgress);
    expect(simulated).to.have.length(1);
    const { results, best, depthWithinOne } = simulated[0]!;
    expect(results).to.have.length(1);
    expect(results[0]!.psnr).to.be.within(10, 40);
    expect(best[0]!.psnr).greaterThan(results[0]!.psnr);
    expect(depthWithinOne[0]).to.be.greaterThan(0.5);
    const nothing = { pairs: [], stacks: [], missing: ["absent"] };
    const { sections } = reportFusion({ fusers: [FIRST, BROKEN], simulated, ...nothing });
    expect(sections.map(({ heading }) => heading)).to.deep.equal(["Simulated stacks", "Not run"]);
    expect(sections[1]!.text).to.match(/^`absent`: not installed; .*--pairs.*; .*--stacks.*\.$/);
    expect(sections[0]!.tables![0]!.rows.map((row) => row.slice(0, 3))).to.deep.equal([
      ["`first`", 6, 1],
      ["`broken`", 6, 0],
      ["best choice", 6, 1],
    ]);
  });

  it("chooses every pixel from the frame that is nearest to the truth around it", async () => {
    const random = seededRandom(1);
    const truth = noiseU8(random, 60, 20, 3);
    const wrongIn = (isWrong: (x: number) => boolean): ImageU8 => ({
      ...truth,
      data: truth.data.map((value, i) => (isWrong(Math.floor(i / 3) % 60) ? 255 - value : value)),
    });
    const best = await bestChoice([wrongIn((x) => x < 25), wrongIn((x) => x >= 30)], truth);
    // Both are right at 25 to 29, so that around every pixel one of them is.
    expect(best.data).to.deep.equal(truth.data);
    const only = await bestChoice([wrongIn((x) => x < 25)], truth);
    expect(only.data).to.deep.equal(wrongIn((x) => x < 25).data);
  });

  it("sets times beside those of our own that do as much", () => {
    const fuser = (name: string, aligns: boolean): Fuser => ({ name, aligns, calls: () => [] });
    const fusers = [
      fuser("fuse", true),
      fuser("fuse --no-align", false),
      { ...fuser("for pairs", false), notIn: ["stacks" as const] },
      fuser("aligning", true),
      fuser("plain", false),
    ];
    const stack = { stack: "one", frames: 3, width: 4, height: 5, depth: undefined };
    const { sections } = reportFusion({
      fusers,
      missing: [],
      simulated: [],
      pairs: [],
      stacks: [
        { ...stack, milliseconds: [200, 100, 900, 450] },
        { ...stack, milliseconds: [200, 100, undefined, 150] },
      ],
    });
    const ratios = sections.find(({ heading }) => heading === "Real stacks")!.tables![1]!;
    expect(ratios.columns).to.deep.equal(["stack", "`aligning` / `fuse`", "`plain` / `fuse --no-align`"]);
    expect(ratios.rows[0]).to.deep.equal(["one", "4.5", "4.5"]);
    expect(ratios.rows[1]).to.deep.equal(["one", "-", "1.5"]);
  });
});
