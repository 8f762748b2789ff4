/** Reports as files: Markdown, plots and where they come from. */
import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { expect } from "chai";
import { fixed, percent, type PartReport } from "../../../src/evaluation/report/document.ts";
import { tableMarkdown, toMarkdown } from "../../../src/evaluation/report/markdown.ts";
import { renderPlot } from "../../../src/evaluation/report/plot.ts";
import { provenanceOf } from "../../../src/evaluation/report/provenance.ts";
import { writeReport } from "../../../src/evaluation/report/write-report.ts";
import { rejection } from "../../support/async.ts";

const provenance = {
  machine: "a machine",
  date: "2026-01-02",
  command: "evaluate it",
  networks: [{ name: "net", sha256: "0123456789abcdef" }],
};

const report: PartReport = {
  title: "Title",
  introduction: "What it is.",
  sections: [
    {
      heading: "Figures",
      text: "Some.",
      tables: [{ columns: ["a", "b|c"], rows: [["x", null]] }],
      plots: [
        {
          name: "line",
          caption: "A line.",
          spec: {
            data: {
              values: [
                { x: 1, y: 2 },
                { x: 2, y: 3 },
              ],
            },
            mark: "line",
            encoding: {
              x: { field: "x", type: "quantitative", title: "the abscissa" },
              y: { field: "y", type: "quantitative" },
            },
          },
        },
      ],
    },
  ],
  figures: { a: 1 },
};

describe("the reports of the evaluation", () => {
  let folder = "";
  beforeEach(async () => (folder = await mkdtemp(path.join(os.tmpdir(), "report-"))));
  afterEach(() => rm(folder, { recursive: true }));

  it("print numbers, shares and what is missing", () => {
    expect([fixed(1.26), fixed(null), fixed(NaN), fixed(undefined), percent(0.9876)]).to.deep.equal([
      ...["1.3", "-", "-", "-", "98.8 %"],
    ]);
  });

  it("escape what would end a cell", () => {
    const table = tableMarkdown({ columns: ["a|b"], rows: [["x|y"], [null], [2]] });
    expect(table).to.equal("| a\\|b |\n| --- |\n| x\\|y |\n| - |\n| 2 |");
  });

  it("say where the figures come from", () => {
    const text = toMarkdown(report, provenance, (plot) => `part-${plot}.svg`);
    for (const part of ["# Title", "2026-01-02", "a machine", "evaluate it", "`net` (01234567)"])
      expect(text).to.include(part);
    expect(text).to.include("![A line.](part-line.svg)");
  });

  it("draw the same plot from the same figures, with its titles as text", async () => {
    const spec = report.sections[0]!.plots![0]!.spec;
    const svg = await renderPlot(spec);
    expect(svg).to.match(/^<svg/).and.to.include("the abscissa");
    expect(await renderPlot(spec)).to.equal(svg);
  });

  it("are written with their plots, and plots of before that are no longer made are removed", async () => {
    await writeFile(path.join(folder, "part-old.svg"), "");
    await writeFile(path.join(folder, "other-old.svg"), "");
    const file = await writeReport(folder, "part", report, provenance);
    expect((await readdir(folder)).sort()).to.deep.equal(["other-old.svg", "part-line.svg", "part.md"]);
    expect(await readFile(file, "utf8")).to.include("part-line.svg");
  });

  it("fail with the name of the file where it cannot be written", async () => {
    await writeFile(path.join(folder, "taken"), "");
    const error = await rejection(writeReport(path.join(folder, "taken"), "part", report, provenance));
    expect(error.code).to.equal("io");
    expect(error.message).to.include(path.join("taken", "part.md"));
  });

  it("know the networks by their hashes", async () => {
    await writeFile(path.join(folder, "b.onnx"), "");
    await writeFile(path.join(folder, "b.json"), "{}");
    const { date, networks } = await provenanceOf("command", folder, new Date("2026-03-04T05:06:07Z"));
    expect(date).to.equal("2026-03-04");
    // SHA-256 of nothing.
    expect(networks).to.deep.equal([
      { name: "b", sha256: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
    ]);
    expect((await rejection(provenanceOf("command", path.join(folder, "none"), new Date(0)))).code).to.equal(
      "model_missing",
    );
  });
});
