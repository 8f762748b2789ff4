import { readFile } from "node:fs/promises";
import { expect } from "chai";
import { FEATURE_PLANES } from "../../../src/algorithms/fusion/streaming/features.ts";
import { BlendingNetwork } from "../../../src/inference/blending-network.ts";
import { rejection } from "../../support/async.ts";

interface Vectors {
  readonly inputs: {
    readonly planes: { readonly shape: readonly number[]; readonly values: readonly number[] };
  };
  readonly outputs: { readonly weight: readonly number[] };
}

describe("the blending network", () => {
  it("answers as in PyTorch", async () => {
    const file = new URL("../../fixtures/models/blending.json", import.meta.url);
    const { inputs, outputs } = JSON.parse(await readFile(file, "utf8")) as Vectors;
    const [, planes, rows, columns] = inputs.planes.shape;
    expect(planes).to.equal(FEATURE_PLANES.length);
    const network = await BlendingNetwork.load();
    const weights = await network.weigh({
      rows: rows!,
      columns: columns!,
      planes: Float32Array.from(inputs.planes.values),
    });
    await network.dispose();
    outputs.weight.forEach((weight, cell) => expect(weights[cell]).to.be.closeTo(weight, 1e-4));
  });

  it("takes the sharper of two pictures, and the newer where the scene has changed", async () => {
    const cell = (planes: Partial<Record<(typeof FEATURE_PLANES)[number], number>>): Float32Array => {
      const [columns, rows] = [24, 16];
      const values = new Float32Array(FEATURE_PLANES.length * columns * rows);
      FEATURE_PLANES.forEach((name, plane) =>
        values.fill(planes[name] ?? 0, plane * columns * rows, (plane + 1) * columns * rows),
      );
      return values;
    };
    const network = await BlendingNetwork.load();
    const weigh = async (planes: Float32Array): Promise<number> =>
      (await network.weigh({ rows: 16, columns: 24, planes }))[8 * 24 + 12]!;
    const sharp = { fine: 0.6, coarse: 0.9, radius: 0 };
    const soft = { fine: -0.4, coarse: 0.3, radius: 1.1 };
    const pair = (frame: typeof sharp, picture: typeof sharp): Float32Array =>
      cell({
        "fine detail of the frame": frame.fine,
        "coarse detail of the frame": frame.coarse,
        "radius in the frame": frame.radius,
        "fine detail of the picture": picture.fine,
        "coarse detail of the picture": picture.coarse,
        "radius in the picture": picture.radius,
        "blur between them": frame.radius - picture.radius,
        "doubt of the motion": 0.1,
        "focus known": 1,
        mismatch: 0.05,
        "mismatch around": 0.05,
      });
    const newer = await weigh(pair(sharp, soft));
    const older = await weigh(pair(soft, sharp));
    const changed = pair(soft, sharp);
    for (const name of ["mismatch", "mismatch around"] as const) {
      const at = FEATURE_PLANES.indexOf(name) * 24 * 16;
      changed.fill(2, at, at + 24 * 16);
    }
    const cut = await weigh(changed);
    await network.dispose();
    expect(newer).to.be.greaterThan(0.8);
    expect(older).to.be.lessThan(0.2);
    expect(cut).to.be.greaterThan(0.8);
  });

  it("says which file it lacks", async () => {
    expect(await rejection(BlendingNetwork.load("/nowhere"))).to.include({ code: "model_missing" });
  });
});
