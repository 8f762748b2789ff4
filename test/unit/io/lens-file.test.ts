import { expect } from "chai";
import { stringify } from "yaml";
import { AutofocusError } from "../../../src/core/errors.ts";
import { lensNames, loadLens, parseLens } from "../../../src/io/lens-file.ts";

const measured = {
  name: "measured",
  range: { min: 0, max: 200 },
  sensor: { width: 1000, height: 800, pixelPitch: 2 },
  frame: { width: 1000, height: 800 },
  model: {
    form: "grid",
    positions: [0, 100, 200],
    radius: [
      [0, 10, 18],
      [12, 0, 9],
      [23, 11, 0],
    ],
    scale: [
      [1, 1.02, 1.03],
      [0.98, 1, 1.01],
      [0.97, 0.99, 1],
    ],
  },
  depthOfField: [
    { position: 0, halfWidth: 4 },
    { position: 200, halfWidth: 8 },
  ],
};
const linear = {
  ...measured,
  model: { form: "linear", radiusPerStep: 0.1, breathing: { factor: 1.05, steps: 200 } },
};

function failure(document: unknown): AutofocusError {
  try {
    parseLens(typeof document === "string" ? document : stringify(document), "some/lens.yaml");
  } catch (error) {
    if (error instanceof AutofocusError) return error;
  }
  throw new Error("expected an AutofocusError");
}

describe("lens files", () => {
  it("loads each lens of the package by name", async () => {
    const names = await lensNames();
    expect(names).to.include.members(["evetar-25mm", "evetar-25mm-measured", "ca378-vcm"]);
    for (const name of names) expect((await loadLens(name)).name).to.equal(name);
  });

  it("reads a measured grid: values at the knots, linear between them", () => {
    const lens = parseLens(stringify(measured), "measured");
    expect(lens.radius(200, 100)).to.equal(11);
    expect(lens.radius(0, 200)).to.equal(18);
    expect(lens.radius(0, 150)).to.be.closeTo(14, 1e-9);
    expect(lens.scale(100, 0)).to.be.closeTo(0.98, 1e-12);
    expect(lens.depthOfField(100)).to.equal(6);
    expect(lens.depthOfField(-50)).to.equal(4);
    expect(lens.dioptres(100)).to.be.NaN;
    const [below, above] = lens.candidates(5.5, 100);
    expect(lens.radius(below!, 100)).to.be.closeTo(5.5, 1e-9);
    expect(lens.radius(above!, 100)).to.be.closeTo(5.5, 1e-9);
    expect(100 - below!).to.not.be.closeTo(above! - 100, 1);
  });

  it("places the optical centre of a crop, and bins the pixel pitch of a thin lens", () => {
    const lens = parseLens(
      stringify({
        ...measured,
        crop: { x: 0, y: 0, width: 800, height: 600 },
        frame: { width: 400, height: 300 },
        model: {
          form: "thin-lens",
          focalLength: 10,
          fNumber: 2,
          focus: [
            { position: 0, distance: 5 },
            { position: 200, distance: 0.5 },
          ],
        },
      }),
      "crop",
    );
    expect(lens.opticalCentre).to.deep.equal({ x: 250, y: 200 });
    // v = 10.02004 mm at 5 m and 10.20408 mm at 0.5 m; 5 mm * 0.18404 / (2 * 10.02004 * 4 um).
    expect(lens.radius(0, 200)).to.be.closeTo(11.479, 0.001);
  });

  it("holds the linear law of breathing", () => {
    const model = { ...linear.model, breathing: { factor: 1.1, steps: 200, law: "linear" } };
    const lens = parseLens(stringify({ ...linear, model }), "linear");
    expect(lens.scale(0, 200)).to.be.closeTo(1.1, 1e-9);
    expect(lens.scale(0, 100)).to.be.closeTo(1.05, 1e-5);
  });

  const wrong: [string, unknown, string][] = [
    ["no mapping", "just a word", "file: "],
    ["broken YAML", "a: [1, 2", "no YAML"],
    ["an empty file", "", "file: "],
    ["a missing field", { ...linear, sensor: undefined }, "sensor: "],
    ["an unknown field", { ...linear, colour: "red" }, "colour"],
    ["text for a number", { ...linear, frame: { width: "wide", height: 800 } }, "frame.width: "],
    ["not a number", { ...linear, range: { min: NaN, max: 200 } }, "range.min: "],
    ["a reversed range", { ...linear, range: { min: 200, max: 0 } }, "range.max: "],
    ["an unknown form", { ...linear, model: { form: "magic" } }, "model.form: "],
    ["a crop beyond the sensor", { ...linear, crop: { x: 500, y: 0, width: 1000, height: 800 } }, "crop: "],
    ["a frame of another shape", { ...linear, frame: { width: 1000, height: 500 } }, "frame: "],
    ["a ragged grid", { ...measured, model: { ...measured.model, radius: [[0, 1], [0]] } }, "model.radius: "],
    [
      "a grid that falls away from focus",
      { ...measured, model: { ...measured.model, radius: [[0, 10, 8], ...measured.model.radius.slice(1)] } },
      "model.radius.0.2: ",
    ],
    [
      "a grid that is blurred in focus",
      { ...measured, model: { ...measured.model, radius: [[1, 10, 18], ...measured.model.radius.slice(1)] } },
      "model.radius.0.0: ",
    ],
    ["a grid that ends before the range", { ...measured, range: { min: 0, max: 300 } }, "model.positions: "],
    [
      "depths of field out of order",
      { ...linear, depthOfField: [...linear.depthOfField].reverse() },
      "depthOfField: ",
    ],
    [
      "an object inside the focal length",
      {
        ...linear,
        model: {
          form: "thin-lens",
          focalLength: 25,
          fNumber: 2,
          focus: [
            { position: 0, distance: 5 },
            { position: 200, distance: 0.02 },
          ],
        },
      },
      "model.focus: ",
    ],
  ];
  for (const [what, document, said] of wrong) {
    it(`refuses ${what}, naming the file and the place`, () => {
      const error = failure(document);
      expect(error.code).to.equal("invalid_lens_file");
      expect(error.message).to.include("some/lens.yaml").and.to.include(said);
      expect(error.cure).to.be.a("string");
    });
  }

  it("names the lenses there are when one is not found", async () => {
    const error = await loadLens("nikkor").then(
      () => undefined,
      (thrown: unknown) => thrown as AutofocusError,
    );
    expect(error?.code).to.equal("invalid_lens_file");
    expect(error?.summary).to.include("nikkor").and.to.include("evetar-25mm");
  });
});
