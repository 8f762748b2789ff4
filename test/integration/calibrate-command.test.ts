import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { expect } from "chai";
import { stringify } from "yaml";
import { calibrateCommand } from "../../src/cli/commands/calibrate.ts";
import { zerosF32 } from "../../src/core/image.ts";
import { expose } from "../../src/core/native/index.ts";
import { seededRandom } from "../../src/core/random.ts";
import { PhotoScene } from "../../src/drivers/simulator/photo-scene.ts";
import { poster } from "../../src/drivers/simulator/procedural/poster.ts";
import { loadLens } from "../../src/io/lens-file.ts";
import { writePicture } from "../../src/io/picture.ts";
import { rejection } from "../support/async.ts";

const WIDTH = 400;
const HEIGHT = 320;
const Z0 = 1500;
const CAMERA = { gain: 1, gamma: 2.2, shotNoise: 8000, readNoise: 0.001 };

describe("the command calibrate", () => {
  let folder = "";
  /** The true lens, for frames of this size. */
  const truth = async (): ReturnType<typeof loadLens> => (await loadLens("evetar-25mm")).resized(0.15);
  const frame = (position: number): string => path.join(folder, "frames", `${position}.png`);

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "calibrate-"));
    await mkdir(path.join(folder, "frames"));
    const picture = poster({ width: WIDTH, height: HEIGHT, channels: 1 }, seededRandom(12));
    const scene = new PhotoScene(picture, Z0, { lens: await truth(), reference: Z0 });
    for (let position = 1100; position <= 2000; position += 100)
      await writePicture(
        frame(position),
        await expose(await scene.render(position, 0), { ...CAMERA, seed: position }),
      );
  });

  after(() => rm(folder, { recursive: true }));

  async function calibrate(...args: string[]): Promise<{ text: string; json: Record<string, unknown> }> {
    const write = process.stdout.write.bind(process.stdout);
    let text = "";
    process.stdout.write = (chunk: string | Uint8Array) => {
      text += String(chunk);
      return true;
    };
    try {
      await calibrateCommand().exitOverride().parseAsync(args, { from: "user" });
    } finally {
      process.stdout.write = write;
    }
    const json = args.includes("--json") ? (JSON.parse(text) as Record<string, unknown>) : {};
    return { text, json };
  }

  const pair = (): string[] => ["--focused", frame(Z0), "--defocused", frame(1800)];

  it("measures a pair", async () => {
    const { json } = await calibrate(...pair(), "--z0", "1500", "--zi", "1800", "--json");
    const lens = await truth();
    const [found] = json["pairs"] as [Record<string, number>];
    expect(found["radius_px"]).to.be.closeTo(lens.radius(Z0, 1800), 0.03 * lens.radius(Z0, 1800));
    expect(found["scale"]).to.be.closeTo(lens.scale(Z0, 1800), 0.001);
    expect(found["confidence"]).to.be.greaterThan(0.5);
    expect(json["frame"]).to.deep.equal({ width: WIDTH, height: HEIGHT });
    expect(json["lens"]).to.equal(null);
    const { text } = await calibrate(...pair());
    expect(text).to.match(/radius 7\.\d\d px .* scale 1\.01\d\d/);
  });

  it("tells frames the wrong way round, and makes no lens of a blur that it does not know", async () => {
    const out = path.join(folder, "doubtful.yaml");
    const steps = ["--z0", "1500", "--zi", "1800"];
    const sharpSecond = ["--focused", frame(1800), "--defocused", frame(Z0)];
    expect(await rejection(calibrate(...sharpSecond))).to.include({
      code: "calibration_failed",
      message: `${frame(1800)} is ${frame(Z0)} blurred: the frames are the wrong way round.`,
    });
    const { json } = await calibrate(...pair(), "--max-radius", "3", "--json");
    const [doubted] = json["pairs"] as [Record<string, unknown>];
    expect(doubted["doubt"]).to.match(/wider than what was looked for.*--max-radius/);
    const refusal = await rejection(calibrate(...pair(), ...steps, "--max-radius", "3", "-o", out));
    expect(refusal.code).to.equal("calibration_failed");
    expect(existsSync(out)).to.equal(false);
    const same = await calibrate("--focused", frame(Z0), "--defocused", frame(Z0), "--json");
    expect(same.json["pairs"]).to.have.nested.property("[0].doubt", null);
  });

  it("fits a lens file through many pairs", async () => {
    const list = path.join(folder, "frames", "pairs.yaml");
    const pairs = [1100, 1300, 1800, 2000].map((z) => ({
      focused: "1500.png",
      z0: Z0,
      defocused: `${z}.png`,
      z,
      patch: [50, 40, 300, 240],
    }));
    await writeFile(list, stringify({ name: "paired", range: { min: 1050, max: 2100 }, pairs }));
    const out = path.join(folder, "paired.yaml");
    await calibrate("--pairs", path.join(folder, "frames"), "-o", out);
    const [found, lens] = [await loadLens(out), await truth()];
    expect(found.name).to.equal("paired");
    expect(found.range).to.deep.equal({ min: 1050, max: 2100 });
    for (const [z0, z] of [
      [1500, 1100],
      [1200, 1900],
      [2000, 1600],
    ] as const) {
      expect(found.radius(z0, z), "radius").to.be.closeTo(lens.radius(z0, z), 0.03 * lens.radius(z0, z));
      expect(found.scale(z0, z), "scale").to.be.closeTo(lens.scale(z0, z), 0.001);
    }
    expect(await readFile(out, "utf8")).to.match(/method: pairs, frames: 5, gamma: 2.2/);
  });

  it("finds the lens from a sweep alone, without being told what is sharp where", async () => {
    const out = path.join(folder, "swept.yaml");
    const { json } = await calibrate("--stack", path.join(folder, "frames"), "-o", out, "--json");
    const [found, lens] = [await loadLens(out), await truth()];
    expect(found.name).to.equal("swept");
    expect(found.range).to.deep.equal({ min: 1100, max: 2000 });
    expect(found.radius(1100, 2000)).to.be.closeTo(lens.radius(1100, 2000), 0.05 * lens.radius(1100, 2000));
    expect(found.scale(1100, 2000)).to.be.closeTo(lens.scale(1100, 2000), 0.005);
    const windows = json["windows"] as { used?: boolean; focus?: number }[];
    const focus = windows.filter(({ used }) => used).map((each) => each.focus!);
    expect(focus.length).to.be.greaterThan(windows.length / 2);
    for (const each of focus) expect(each).to.be.closeTo(Z0, 40);
    // With positions of its own, in any order.
    const reversed = Array.from({ length: 10 }, (_, index) => 90 - 10 * index).join(",");
    const { text } = await calibrate("--stack", path.join(folder, "frames"), "--positions", reversed);
    expect(text).to.match(/range: { min: 0, max: 90 }/);
  });

  it("drives a camera and a lens", async function () {
    this.timeout(60_000);
    const out = path.join(folder, "driven.yaml");
    const picture = frame(Z0);
    const camera = `simulated,lens=evetar-25mm,pixel_scale=0.15,frame_rate=200,exposure=0.001,simulated.picture=${picture}`;
    const lens =
      "simulated,lens=evetar-25mm,simulated.speed=100000,simulated.settling_time=0,simulated.backlash=30";
    const device = ["--camera", camera, "--lens-driver", lens, "--stops", "11"];
    const { json } = await calibrate(...device, "-o", out, "--json");
    const [found, true_] = [await loadLens(out), await truth()];
    expect(found.range).to.deep.equal({ min: 1050, max: 2100 });
    const radius = true_.radius(1050, 2100);
    expect(found.radius(1050, 2100)).to.be.closeTo(radius, 0.05 * radius);
    expect(json["backlash"]).to.be.closeTo(30, 10);
    expect(json["settling_time_ms"]).to.be.at.least(0);
  });

  it("says what is wrong, and writes nothing", async () => {
    const refused = async (...args: string[]): Promise<string> => {
      const error = await rejection(calibrate(...args));
      return `${error.code}: ${error.message}`;
    };
    const flat = path.join(folder, "flat.png");
    await writePicture(
      flat,
      await expose(zerosF32(WIDTH, HEIGHT), { ...CAMERA, shotNoise: 0, readNoise: 0, seed: 1 }),
    );
    const out = path.join(folder, "none.yaml");
    expect(await refused()).to.match(/invalid_input: .*--focused/);
    expect(await refused("--focused", frame(Z0))).to.match(/invalid_input/);
    expect(await refused(...pair(), "-o", out)).to.match(/invalid_input: .*positions/);
    expect(await refused("--focused", flat, "--defocused", flat)).to.match(/no_texture/);
    expect(await refused(...pair(), "--patch", "0,0,900,900")).to.match(/invalid_input: .*patch/);
    expect(await refused(...pair(), "--patch", "0,0,90")).to.match(/invalid_input: .*x,y,w,h/);
    expect(await refused(...pair(), "--gamma", "0")).to.match(/invalid_input: .*gamma/);
    expect(await refused(...pair(), "--visible-radius", "0")).to.match(/invalid_input/);
    expect(await refused(...pair(), "--positions", "1,2")).to.match(/invalid_input: .*--stack/);
    expect(await refused("--focused", frame(Z0), "--defocused", frame(7))).to.match(/^io|^invalid_image/);
    expect(await refused("--pairs", folder)).to.match(/^io: .*pairs.yaml/);
    const broken = path.join(folder, "broken.yaml");
    for (const text of ["pairs: [", "pairs: []", "pairs: 3", "{}"]) {
      await writeFile(broken, text);
      expect(await refused("--pairs", broken)).to.match(/^invalid_input: .*broken.yaml/);
    }
    const frames = path.join(folder, "frames");
    expect(await refused("--stack", frames, "--positions", "1,2,3")).to.match(/10 numbers/);
    expect(await refused("--stack", path.join(folder, "nowhere"))).to.match(/^io/);
    expect(await refused("--camera", "simulated")).to.match(/--lens-driver/);
    expect(await refused("--camera", "simulated,colour=red", "--lens-driver", "simulated")).to.match(
      /colour=red/,
    );
    expect(await refused("--camera", "telescope", "--lens-driver", "simulated")).to.match(/telescope/);
    expect(
      await refused(...pair(), "--z0", "1500", "--zi", "1800", "-o", path.join(flat, "x.yaml")),
    ).to.match(/^io/);
    expect(existsSync(out)).to.equal(false);
  });
});
