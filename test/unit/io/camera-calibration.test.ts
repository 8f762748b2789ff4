import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "chai";
import fc from "fast-check";
import {
  formatCalibration,
  loadCalibration,
  parseCalibration,
  saveCalibration,
  type CameraCalibration,
} from "../../../src/io/camera-calibration.ts";
import { rejection } from "../../support/async.ts";

/** In the form that ROS's camera_calibration writes. */
const FILE = `image_width: 640
image_height: 480
camera_name: narrow_stereo
camera_matrix:
  rows: 3
  cols: 3
  data: [612.5, 0.0, 320.25, 0.0, 613.75, 239.5, 0.0, 0.0, 1.0]
distortion_model: plumb_bob
distortion_coefficients:
  rows: 1
  cols: 5
  data: [-0.25, 0.0625, 0.001, -0.002, 0.0]
rectification_matrix:
  rows: 3
  cols: 3
  data: [1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0]
projection_matrix:
  rows: 3
  cols: 4
  data: [590.0, 0.0, 321.0, 0.0, 0.0, 592.0, 238.0, 0.0, 0.0, 0.0, 1.0, 0.0]
`;

const CALIBRATION: CameraCalibration = {
  width: 640,
  height: 480,
  distortionModel: "plumb_bob",
  d: [-0.25, 0.0625, 0.001, -0.002, 0],
  k: [612.5, 0, 320.25, 0, 613.75, 239.5, 0, 0, 1],
  r: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  p: [590, 0, 321, 0, 0, 592, 238, 0, 0, 0, 1, 0],
  focusPosition: undefined,
};

describe("camera calibrations", () => {
  it("reads what camera_calibration writes", () => {
    expect(parseCalibration(FILE, "camera.yaml")).to.deep.equal(CALIBRATION);
  });

  it("writes the same format, with where the lens stood", () => {
    expect(
      formatCalibration({ ...CALIBRATION, focusPosition: 700.5 }, "narrow_stereo").replaceAll(/\s+/g, ""),
    ).to.equal(
      `${FILE}focus_position: 700.5`.replaceAll(".0,", ",").replaceAll(".0]", "]").replaceAll(/\s+/g, ""),
    );
  });

  it("reads back every calibration that it writes", () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true });
    const size = fc.integer({ min: 1, max: 20_000 });
    const focal = fc.double({ min: 1e-3, max: 1e6, noNaN: true });
    const list = (length: number) => fc.array(number, { minLength: length, maxLength: length });
    const calibration = fc
      .record({
        width: size,
        height: size,
        fx: focal,
        fy: focal,
        c: list(2),
        d: list(5),
        r: list(9),
        p: list(12),
        focusPosition: fc.option(number, { nil: undefined }),
      })
      .map(({ fx, fy, c: [cx = 0, cy = 0], ...rest }) => ({
        ...rest,
        distortionModel: "plumb_bob",
        k: [fx, 0, cx, 0, fy, cy, 0, 0, 1],
      }));
    fc.assert(
      fc.property(calibration, fc.string(), (given, name) => {
        const back = parseCalibration(formatCalibration(given, name), "x");
        expect(JSON.stringify(back)).to.equal(JSON.stringify({ ...back, ...given }));
      }),
      { numRuns: 20 },
    );
  });

  it("says what is wrong", () => {
    const wrong: readonly (readonly [string, RegExp])[] = [
      ["a: [", /no YAML/],
      ["", /no camera calibration/],
      [FILE.replace("612.5, ", ""), /camera_matrix\.data/],
      [FILE.replace("612.5", ".nan"), /camera_matrix\.data\.0/],
      [FILE.replace("612.5", "-612.5"), /focal lengths/],
      [FILE.replace("612.5", ".inf"), /camera_matrix/],
      [FILE.replace("plumb_bob", "equidistant"), /distortion model/],
      [FILE.replace("image_width: 640", "image_width: 0"), /width/],
      [FILE.replace("image_width: 640", "image_width: 640.5"), /width/],
      [FILE.replace(/projection_matrix[\s\S]*/, ""), /projection_matrix/],
    ];
    for (const [text, message] of wrong)
      expect(() => parseCalibration(text, "camera.yaml"), message.source)
        .to.throw(message)
        .with.property("code", "invalid_input");
  });

  describe("in files", () => {
    let folder: string;
    beforeEach(async () => (folder = await mkdtemp(path.join(tmpdir(), "calibration-"))));
    afterEach(() => rm(folder, { recursive: true }));
    const url = (...names: string[]) => pathToFileURL(path.join(folder, ...names)).href;

    it("are saved whole, in folders that are made for them, and loaded again", async () => {
      expect(await loadCalibration(url("a", "b.yaml"))).to.equal(undefined);
      await saveCalibration(url("a", "b.yaml"), { ...CALIBRATION, focusPosition: 5 }, "left");
      expect(await loadCalibration(url("a", "b.yaml"))).to.deep.equal({ ...CALIBRATION, focusPosition: 5 });
      expect(await readFile(path.join(folder, "a", "b.yaml"), "utf8")).to.include("camera_name: left");
      expect(await readdir(path.join(folder, "a"))).to.deep.equal(["b.yaml"]);
    });

    it("are refused where they cannot be", async () => {
      await writeFile(path.join(folder, "file"), "");
      expect((await rejection(saveCalibration(url("file", "x.yaml"), CALIBRATION, ""))).code).to.equal("io");
      expect((await rejection(loadCalibration(pathToFileURL(folder).href))).code).to.equal("io");
      expect((await rejection(loadCalibration("file://other/x.yaml"))).code).to.equal("invalid_input");
      expect((await rejection(loadCalibration("x.yaml"))).code).to.equal("invalid_input");
    });
  });
});
