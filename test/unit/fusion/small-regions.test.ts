import { expect } from "chai";
import fc from "fast-check";
import { removeIslands, removeSmallRegions } from "../../../src/algorithms/fusion/gfdf/small-regions.ts";
import { image, type ImageU8 } from "../../../src/core/image.ts";

const maskOf = (...rows: string[]): ImageU8 =>
  image(
    rows[0]!.length,
    rows.length,
    1,
    Uint8Array.from(rows.join(""), (each) => (each === "#" ? 1 : 0)),
  );
const show = ({ width, data }: ImageU8): string[] => {
  const text = Array.from(data, (value) => (value === 1 ? "#" : ".")).join("");
  return Array.from({ length: data.length / width }, (_, row) => text.slice(row * width, (row + 1) * width));
};

/** The plain way: flood every region from each of its pixels. */
function flooded({ width, height, data }: ImageU8, area: number): Uint8Array {
  const kept = new Uint8Array(data.length);
  for (let start = 0; start < data.length; start++) {
    if (data[start] === 0) continue;
    const region = new Set([start]);
    for (const at of region)
      for (const [dx, dy] of [-1, 0, 1].flatMap((y) => [-1, 0, 1].map((x) => [x, y] as const))) {
        const [x, y] = [(at % width) + dx, Math.floor(at / width) + dy];
        if (x >= 0 && x < width && y >= 0 && y < height && data[y * width + x] === 1)
          region.add(y * width + x);
      }
    kept[start] = region.size >= area ? 1 : 0;
  }
  return kept;
}

describe("fusion: removal of small regions", () => {
  it("takes out islands, then holes, and joins over corners", () => {
    const mask = maskOf("#....", ".#...", "....#", "###..", "#.#..", "###..");
    expect(show(removeSmallRegions(mask, 2))).to.deep.equal([
      "#....",
      ".#...",
      ".....",
      "###..",
      "###..",
      "###..",
    ]);
  });

  it("keeps the regions that a flood fill finds large enough", () => {
    const side = fc.integer({ min: 1, max: 12 });
    fc.assert(
      fc.property(
        side,
        side,
        fc.integer({ min: 0, max: 10 }),
        fc.infiniteStream(fc.boolean()),
        (w, h, area, bits) => {
          const mask = image(
            w,
            h,
            1,
            Uint8Array.from({ length: w * h }, () => (bits.next().value === true ? 1 : 0)),
          );
          expect(removeIslands(mask, area).data).to.deep.equal(flooded(mask, area));
        },
      ),
    );
  });
});
