import { expect } from "chai";
import fc from "fast-check";
import { patchGrid } from "../../../src/algorithms/rois/patch-grid.ts";
import { AutofocusError } from "../../../src/core/errors.ts";

describe("patchGrid", () => {
  it("lays 512 px patches over Full HD, centred, row by row", () => {
    const grid = patchGrid(1920, 1080, 512, 128);
    expect([grid.rows, grid.cols, grid.offsetX, grid.offsetY]).to.deep.equal([5, 12, 0, 28]);
    expect(grid.patches).to.have.length(60);
    expect(grid.patches[0]).to.deep.equal({ x: 0, y: 28, width: 512, height: 512 });
    expect(grid.patches[13]).to.deep.equal({ x: 128, y: 156, width: 512, height: 512 });
  });

  it("keeps every patch inside and leaves out less than a stride on either side", () => {
    const side = fc.integer({ min: 1, max: 5000 });
    fc.assert(
      fc.property(side, side, side, side, (width, height, wantedSize, stride) => {
        const size = Math.min(wantedSize, width, height);
        const { patches, rows, cols, offsetX, offsetY } = patchGrid(width, height, size, stride + 100);
        expect(patches).to.have.length(rows * cols);
        const last = patches.at(-1)!;
        expect(last.x + size).to.be.at.most(width);
        expect(last.y + size).to.be.at.most(height);
        expect(2 * offsetX).to.be.lessThan(stride + 100);
        expect(2 * offsetY).to.be.lessThan(stride + 100);
      }),
    );
  });

  it("refuses sizes that are no positive integers or do not fit", () => {
    for (const sizes of [
      [0, 600, 512, 128],
      [600, 600.5, 512, 128],
      [600, 600, 512, 0],
      [600, 600, NaN, 128],
      [600, 400, 512, 128],
    ] as [number, number, number, number][])
      expect(() => patchGrid(...sizes)).to.throw(AutofocusError, "Expected");
  });
});
