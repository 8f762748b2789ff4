/** The command `focus` over photographs made here and over a stack made of them. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { expect } from "chai";
import { focusCommand } from "../../src/cli/commands/focus.ts";
import { diskBlur, expose, linearise } from "../../src/core/native/index.ts";
import { image, type ImageU8 } from "../../src/core/image.ts";
import { seededRandom, uniform } from "../../src/core/random.ts";
import { writePicture } from "../../src/io/picture.ts";
import { rejection } from "../support/async.ts";

interface Document {
  readonly runs: readonly Record<string, unknown>[];
  readonly skipped: readonly { photo: string; reason: string }[];
  readonly left_out: readonly { search: string; reason: string }[];
  readonly summary: Record<string, unknown>;
  readonly truth: number | null;
  readonly window: unknown;
}

/** Overlapping rectangles of random size and gray: edges at all scales, as photographs have. */
function clutter(seed: number, width: number, height: number): ImageU8 {
  const random = seededRandom(seed);
  const data = new Uint8Array(width * height).fill(120);
  for (let count = 0; count < 900; count++) {
    const size = Math.exp(uniform(random, Math.log(3), Math.log(120)));
    const gray = uniform(random, 10, 245);
    const [x, y] = [uniform(random, -size, width), uniform(random, -size, height)];
    const [w, h] = [size * uniform(random, 0.4, 1), size * uniform(random, 0.4, 1)];
    for (let row = Math.max(0, Math.floor(y)); row < Math.min(height, y + h); row++)
      data.fill(
        gray,
        row * width + Math.max(0, Math.floor(x)),
        row * width + Math.min(width, Math.ceil(x + w)),
      );
  }
  return image(width, height, 1, data);
}

/** Runs the command and returns what it printed. */
async function focus(...options: string[]): Promise<string> {
  const written: string[] = [];
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = (chunk: string | Uint8Array): boolean => written.push(String(chunk)) > 0;
  try {
    await focusCommand().parseAsync(options, { from: "user" });
  } finally {
    process.stdout.write = write;
  }
  return written.join("");
}

async function json(...options: string[]): Promise<Document> {
  return JSON.parse(await focus(...options, "--json")) as Document;
}

describe("the command focus", function () {
  this.timeout(30_000);
  let folder = "";
  let photos = "";
  let stack = "";

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "focus-"));
    photos = path.join(folder, "photos");
    stack = path.join(folder, "stack");
    await writePicture(path.join(photos, "a.png"), clutter(1, 800, 640));
    await writePicture(path.join(photos, "b.jpg"), clutter(2, 700, 700));
    await writePicture(path.join(photos, "blank.png"), image(700, 700, 1, new Uint8Array(490_000).fill(90)));
    await writePicture(path.join(photos, "tiny.png"), clutter(3, 120, 140));
    const whole = await readFile(path.join(photos, "a.png"));
    await writeFile(path.join(photos, "torn.png"), whole.subarray(0, whole.length / 2));
    await writeFile(path.join(photos, "notes.txt"), "no picture");
    const sharp = await linearise(clutter(4, 256, 200), 2.2);
    for (let frame = 1; frame <= 12; frame++) {
      const blurred = await diskBlur(sharp, 1.5 * Math.abs(frame - 8));
      const exposure = { gain: 1, gamma: 2.2, shotNoise: 20_000, readNoise: 0.0005, seed: frame };
      await writePicture(path.join(stack, `frame${frame}.png`), await expose(blurred, exposure));
    }
    await writePicture(
      path.join(stack, "idxImage.png"),
      image(256, 200, 1, new Uint8Array(256 * 200).fill(8)),
    );
  });
  after(() => rm(folder, { recursive: true }));
  afterEach(() => (process.exitCode = undefined));

  const over = (...options: string[]): Promise<Document> =>
    json("--photos", photos, "--lens", "evetar-25mm", ...options);

  it("runs every start on every photograph, and says which it skipped and why", async () => {
    const { runs, skipped, summary } = await over(
      "--search",
      "fibonacci",
      "--start",
      "1100,1900",
      "--z0",
      "1340,1811",
    );
    expect(runs.map(({ photo, z0, start }) => [photo, z0, start])).to.deep.equal(
      ["a.png", "b.jpg"].flatMap((photo) =>
        [1340, 1811].flatMap((z0) => [1100, 1900].map((start) => [photo, z0, start])),
      ),
    );
    for (const { final, z0, error, moves, captures, in_depth_of_field } of runs) {
      expect(error).to.equal((final as number) - (z0 as number));
      expect(in_depth_of_field).to.equal(true);
      expect([moves, captures]).to.satisfy((each: number[]) =>
        each.every((count) => count >= 13 && count <= 14),
      );
    }
    expect(
      Object.fromEntries(skipped.map(({ photo, reason }) => [photo, reason.split(":")[0]])),
    ).to.deep.equal({
      "blank.png": "textureless",
      "tiny.png": "too small",
      "torn.png": "unreadable",
    });
    expect(summary).to.include({ runs: 8, share_in_depth_of_field: 1, wrong: 0 });
  });

  it("focuses by the learned search in fewer moves than by any contrast search", async () => {
    const { runs, summary } = await over("--search", "all", "--start", "1700");
    const moves = Object.fromEntries(
      Object.entries(summary as Record<string, { moves: { mean: number } }>).map(
        ([
          name,
          {
            moves: { mean },
          },
        ]) => [name, mean],
      ),
    );
    expect(Object.keys(moves)).to.include.members(["learned", "fibonacci", "rule-based", "coarse-fine"]);
    for (const [name, mean] of Object.entries(moves))
      if (name !== "learned" && name !== "paper") expect(mean, name).to.be.above(moves["learned"]!);
    for (const run of runs) if (run["search"] === "learned") expect(run["in_depth_of_field"]).to.equal(true);
  });

  it("leaves out of all searches the paper's for a lens that its networks do not know, and refuses it alone", async () => {
    const other = ["--photos", photos, "--lens", "ca378-vcm", "--start", "600", "--z0", "700"];
    const { left_out: leftOut, runs } = await json(...other, "--search", "all");
    expect(leftOut.map(({ search }) => search)).to.deep.equal(["paper"]);
    expect(runs.map(({ search }) => search))
      .to.include("learned")
      .and.not.include("paper");
    expect(await rejection(focus(...other, "--search", "paper"))).to.have.property("code");
  });

  it("draws z0 by the seed: the same again, and another by another", async () => {
    const drawn = async (seed: string): Promise<unknown[]> =>
      (await over("--search", "curve-fit", "--start", "1500", "--seed", seed)).runs.map(({ z0, final }) => [
        z0,
        final,
      ]);
    expect(await drawn("3")).to.deep.equal(await drawn("3"));
    expect(await drawn("3")).to.not.deep.equal(await drawn("4"));
  });

  it("finds the sharp frame of a stack, and tells its true position from the map", async () => {
    const { runs, truth } = await json("--stack", stack, "--search", "all", "--window", "40,30,160,120");
    expect(truth).to.equal(8);
    expect(runs.map(({ search }) => search)).to.include.members(["coarse-fine", "fibonacci", "curve-fit"]);
    for (const run of runs) expect(run).to.include({ truth: 8, final: 8, error: 0, in_depth_of_field: true });
    const [first] = (await json("--stack", stack, "--start", "12")).runs;
    expect(first).to.include({ search: "coarse-fine", start: 12, final: 8 });
  });

  it("prints a table for people", async () => {
    const text = await focus(
      "--photos",
      photos,
      "--lens",
      "evetar-25mm",
      "--search",
      "hill-climbing",
      "--start",
      "1500",
      "--z0",
      "1600",
    );
    expect(text).to.match(/^search +runs +moves/m);
    expect(text).to.match(/^hill-climbing +2 /m);
    expect(await focus("--stack", stack)).to.match(/^coarse-fine +6 +8 +8 +0 /m);
  });

  it("fails when not one photograph can be used", async () => {
    const blank = path.join(folder, "blank");
    await writePicture(path.join(blank, "x.png"), image(600, 600, 1, new Uint8Array(360_000)));
    const { runs, skipped, summary } = await json(
      "--photos",
      blank,
      "--lens",
      "evetar-25mm",
      "--search",
      "fibonacci",
    );
    expect([runs.length, skipped.length, summary]).to.deep.equal([0, 1, null]);
    expect(process.exitCode).to.equal(1);
  });

  const wrong: readonly (readonly [string, readonly string[], string])[] = [
    ["neither photographs nor a stack", [], "invalid_input"],
    ["photographs without a lens", ["--photos", "."], "invalid_input"],
    ["a folder without photographs", ["--photos", "docs", "--lens", "evetar-25mm"], "invalid_input"],
    ["a folder that is not there", ["--photos", "nowhere", "--lens", "evetar-25mm"], "io"],
    ["a lens that is not there", ["--photos", ".", "--lens", "nothing"], "invalid_lens_file"],
    ["an unknown search", ["--photos", ".", "--lens", "evetar-25mm", "--search", "magic"], "invalid_input"],
    [
      "a start outside the range",
      ["--photos", ".", "--lens", "evetar-25mm", "--start", "3000"],
      "invalid_input",
    ],
    ["a z0 between steps", ["--photos", ".", "--lens", "evetar-25mm", "--z0", "1500.5"], "invalid_input"],
    ["a seed below 0", ["--photos", ".", "--lens", "evetar-25mm", "--seed", "-1"], "invalid_input"],
    ["an unknown window", ["--photos", ".", "--lens", "evetar-25mm", "--window", "0,0,9,9"], "invalid_input"],
    ["a stack and the learned search", ["--stack", "STACK", "--search", "learned"], "invalid_input"],
    ["a window outside the stack", ["--stack", "STACK", "--window", "200,0,100,100"], "invalid_input"],
    ["a window that is no window", ["--stack", "STACK", "--window", "1,2,3"], "invalid_input"],
    ["a start that is no frame", ["--stack", "STACK", "--start", "99"], "invalid_input"],
    ["two starts on a stack", ["--stack", "STACK", "--start", "1,2"], "invalid_input"],
    ["a stack that is none", ["--stack", "docs"], "invalid_input"],
  ];
  for (const [what, options, code] of wrong)
    it(`refuses ${what}`, async () => {
      const given = options.map((option) => (option === "STACK" ? stack : option));
      expect(await rejection(focus(...given))).to.include({ code });
    });
});
