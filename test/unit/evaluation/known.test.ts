/** The known part: pictures that tell their defocus by their names. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { expect } from "chai";
import { knownPictures } from "../../../src/evaluation/known/known-pictures.ts";
import { stepError, type KnownReadings } from "../../../src/evaluation/known/known-study.ts";
import { reportKnown } from "../../../src/evaluation/known/report.ts";
import { rejection } from "../../support/async.ts";
import { linearLens } from "../../support/linear-lens.ts";

describe("the known part of the evaluation", () => {
  it("reads in-focus and lens position from the names of the pictures", async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), "known-"));
    try {
      for (const name of ["b_wall_1400_1700.jpg", "a_1400.5_1400.PNG", "wall_1400.jpg", "notes_1_2.txt"])
        await writeFile(path.join(folder, name), "");
      expect(await knownPictures(folder)).to.deep.equal([
        { file: path.join(folder, "a_1400.5_1400.PNG"), z0: 1400.5, z: 1400 },
        { file: path.join(folder, "b_wall_1400_1700.jpg"), z0: 1400, z: 1700 },
      ]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("says what is wrong with a folder that has none, or is none", async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), "known-"));
    try {
      expect(await rejection(knownPictures(folder))).to.include({ code: "invalid_input" });
      expect(await rejection(knownPictures(path.join(folder, "none")))).to.include({ code: "io" });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("takes the side as known, and the end of the range where a radius means more than it", () => {
    const lens = linearLens({ min: 1050, max: 2100 });
    const at = (z0: number, z: number, meant: number): number =>
      stepError(lens, { z0, z }, lens.radius(meant, z));
    expect(at(1400, 1700, 1400)).to.be.closeTo(0, 1e-6);
    expect(at(1400, 1700, 1450)).to.be.closeTo(50, 1e-6);
    expect(at(2000, 1700, 1750)).to.be.closeTo(250, 1e-6);
    expect(at(1400, 1400, 1390)).to.be.closeTo(10, 1e-6);
    // 2100 - 1800 would be as blurred as 1500: on the true side, beyond 2100, there is no position.
    expect(stepError(lens, { z0: 2050, z: 2000 }, lens.radius(1700, 2000))).to.equal(lens.range.max - 2050);
  });

  it("tabulates errors over the patches that were read", () => {
    const readings: KnownReadings = {
      ...{ picture: "wall_1400_1700.jpg", z0: 1400, z: 1700, trueRadius: 27.6, reader: "defocus" },
      ...{ patches: 4, radii: [27, 28, 30], errors: [6, 5, 31] },
    };
    const report = reportKnown("measured", [readings]);
    const [row] = report.sections[0]!.tables![0]!.rows;
    expect(row!.slice(5)).to.deep.equal([4, 3, "28.0", "14.0", "6.0", "31.0", "66.7 %"]);
    expect(report.figures).to.deep.include.members([
      {
        ...{ picture: "wall_1400_1700.jpg", z0: 1400, z: 1700, trueRadius: 27.6, reader: "defocus" },
        ...{ patches: 4, read: 3, medianRadius: 28, meanError: 14, medianError: 6, p90: 31, within: 2 / 3 },
      },
    ]);
  });
});
