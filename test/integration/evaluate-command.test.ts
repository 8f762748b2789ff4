/** The command evaluate, small, over pictures and a stack made here. */
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { expect } from "chai";
import { evaluateCommand } from "../../src/cli/commands/evaluate.ts";
import { diskBlur, expose, linearise } from "../../src/core/native/index.ts";
import { seededRandom } from "../../src/core/random.ts";
import { drawTexture } from "../../src/dataset/textures.ts";
import { writePicture } from "../../src/io/picture.ts";
import { rejection } from "../support/async.ts";

type Document = Readonly<Record<string, { date: string; command: string; figures: Record<string, unknown> }>>;

/** Runs the command and returns what it printed. */
async function evaluate(...options: string[]): Promise<Document> {
  const written: string[] = [];
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = (chunk: string | Uint8Array): boolean => written.push(String(chunk)) > 0;
  try {
    await evaluateCommand().parseAsync([...options, "--json", "--quick"], { from: "user" });
  } finally {
    process.stdout.write = write;
  }
  return JSON.parse(written.join("")) as Document;
}

describe("the command evaluate", function () {
  this.timeout(60_000);
  let folder = "";
  let photos = "";
  let stacks = "";
  let out = "";

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "evaluate-"));
    [photos, stacks, out] = ["photos", "stacks", "out"].map((name) => path.join(folder, name)) as [
      string,
      string,
      string,
    ];
    for (const seed of [1, 2])
      await writePicture(
        path.join(photos, `leaves_${seed}.png`),
        drawTexture("leaves", 700, seededRandom(seed)),
      );
    const light = await linearise(drawTexture("leaves", 512, seededRandom(3)), 2.2);
    for (let position = 0; position < 7; position++)
      await writePicture(
        path.join(stacks, "made", `frame${position}.png`),
        await expose(await diskBlur(light, 2 * Math.abs(position - 3)), {
          ...{ gain: 1, gamma: 2.2, shotNoise: 20_000, readNoise: 0, seed: position },
        }),
      );
  });
  after(() => rm(folder, { recursive: true }));

  it("does focus: final positions, the cost of every search, wrong answers", async () => {
    const { focus } = await evaluate("focus", "--photos", photos, "--out", out);
    const { windows, anywhere } = focus!.figures as {
      windows: Record<"final_positions" | "final_positions_of_algorithm_1" | "searches", object>[];
      anywhere: { runs: number; wrong: number };
    };
    expect(windows).to.have.length(1);
    expect(windows[0]?.final_positions).to.include({ runs: 8 });
    expect(windows[0]?.final_positions_of_algorithm_1).to.include({ runs: 8 });
    expect(windows[0]?.searches).to.include.keys("learned", "paper", "fibonacci");
    expect(anywhere).to.include({ runs: 4 });
    expect(anywhere.wrong).to.be.at.most(1);
    const text = await readFile(path.join(out, "focus.md"), "utf8");
    expect(text).to.include("Plant (1600)").and.to.include("focus-moves-512.svg");
    expect(focus!.command).to.include("--quick");
  });

  it("does radius, and gives the same figures for the same seed", async () => {
    const { radius } = await evaluate("radius", "--photos", photos, "--out", out);
    const frames = radius!.figures["frames"] as Record<string, Record<string, { median: number }>>;
    // The texture is sharp and clean: a radius of some pixels is read to a few per cent.
    expect(frames["clean"]?.["3-10"]?.median).to.be.below(0.1);
    const again = await evaluate("radius", "--photos", photos, "--out", out);
    expect(again["radius"]?.figures).to.deep.equal(radius!.figures);
  });

  it("does sharpness, stacks and speed, those being all that the folders allow", async () => {
    const document = await evaluate(
      "sharpness",
      "stacks",
      "speed",
      "--photos",
      photos,
      "--stacks",
      stacks,
      "--out",
      out,
    );
    expect(Object.keys(document)).to.deep.equal(["sharpness", "stacks", "speed"]);
    const peaks = document["sharpness"]!.figures["peaks"] as { measure: string; all: number }[];
    const of = (measure: string): number => peaks.find((each) => each.measure === measure)?.all ?? NaN;
    expect(of("S, sharpness network")).to.be.below(of("squared-gradient"));
    const [stack] = document["stacks"]!.figures as unknown as {
      used: number;
      methods: Record<string, { found: number; withinOne: number }>;
    }[];
    expect(stack?.used).to.be.greaterThan(0);
    expect(stack?.methods["least radius"]?.withinOne).to.equal(1);
    expect((document["speed"]!.figures as { patch: unknown[] }).patch).to.have.length(7);
    expect(await readdir(out)).to.include.members([
      "sharpness-curves.svg",
      "stacks-made-peaks.svg",
      "speed.md",
    ]);
  });

  it("does known: pictures whose defocus their names tell", async () => {
    const known = path.join(folder, "known");
    const light = await linearise(drawTexture("leaves", 512, seededRandom(4)), 2.2);
    for (const [name, radius] of Object.entries({ "made_1500_1500.png": 0, "made_1500_1700.png": 18.4 }))
      await writePicture(
        path.join(known, name),
        await expose(await diskBlur(light, radius), {
          ...{ gain: 1, gamma: 2.2, shotNoise: 20_000, readNoise: 0, seed: 1 },
        }),
      );
    const document = await evaluate("known", "--known", known, "--out", out);
    const figures = document["known"]!.figures as unknown as Record<string, number | string>[];
    expect(figures.map(({ reader, z, read }) => [reader, z, read])).to.deep.equal([
      ["defocus", 1500, 1],
      ["paper-estimator", 1500, 1],
      ["defocus", 1700, 1],
      ["paper-estimator", 1700, 1],
    ]);
    for (const each of figures.filter(({ reader }) => reader === "defocus"))
      expect(each["meanError"]).to.be.below(20);
    expect(document["known"]!.command).to.include("--known KNOWN --known-lens evetar-25mm-measured");
  });

  it("refuses a part that there is none of, or whose folder is not named", async () => {
    expect((await rejection(evaluate("colour"))).message).to.include('"colour"');
    for (const [part, option] of [
      ["focus", "--photos"],
      ["radius", "--photos"],
      ["stacks", "--stacks"],
      ["known", "--known"],
    ] as const) {
      const error = await rejection(evaluate(part));
      expect([error.code, error.message]).to.deep.equal([
        "invalid_input",
        `The part ${part} needs ${option}.`,
      ]);
    }
  });

  it("refuses no runs at all", async () => {
    expect((await rejection(evaluate("focus", "--photos", photos, "--runs", "0"))).code).to.equal(
      "invalid_input",
    );
  });
});
