import { expect } from "chai";
import { patchGrid } from "../../../src/algorithms/rois/patch-grid.ts";
import { drawActivation } from "../../../src/algorithms/strategy/overlay.ts";
import { image } from "../../../src/core/image.ts";

describe("strategy: overlay", () => {
  // 2 x 2 patches of 64 px, 32 px apart, on a gray frame; left column done, right column pending or unknown.
  const grid = patchGrid(100, 96, 64, 32);
  const gray = image(100, 96, 1, new Uint8Array(100 * 96).fill(128));
  const step = {
    mask: [true, false, false, false],
    activation: [true, false, true, false],
    pending: [false, true, false, false],
  };
  const drawn = drawActivation(gray, grid, step);
  const at = (x: number, y: number): number[] => [
    ...drawn.data.subarray(3 * (100 * y + x), 3 * (100 * y + x) + 3),
  ];

  it("tints what is done green and what is pending red, and leaves the picture as it is", () => {
    expect(drawn).to.include({ width: 100, height: 96, channels: 3 });
    expect(gray.data.every((value) => value === 128)).to.equal(true);
    const [doneRed, doneGreen] = at(20, 30) as [number, number];
    expect(doneGreen - doneRed).to.be.greaterThan(30);
    const [pendingRed, pendingGreen] = at(80, 30) as [number, number];
    expect(pendingRed - pendingGreen).to.be.greaterThan(30);
  });

  it("does not touch what could not be read, and what lies outside the grid", () => {
    expect(at(80, 80)).to.deep.equal([128, 128, 128]);
    expect(at(0, 50)).to.deep.equal([128, 128, 128]);
    expect(at(99, 50)).to.deep.equal([128, 128, 128]);
  });

  it("frames what is in focus in this picture brighter than what is merely done", () => {
    const brightness = ([r, g, b]: number[]): number => r! + g! + b!;
    const inFocusEdge = at(2, 20);
    const doneEdge = at(2, 80);
    expect(brightness(inFocusEdge)).to.be.greaterThan(brightness(doneEdge));
  });

  it("keeps the colours of a colour frame below the tint", () => {
    const red = image(
      100,
      96,
      3,
      new Uint8Array(3 * 100 * 96).map((_, i) => (i % 3 === 0 ? 200 : 0)),
    );
    const { data } = drawActivation(red, grid, step);
    expect([...data.subarray(3 * (100 * 80 + 80), 3 * (100 * 80 + 80) + 3)]).to.deep.equal([200, 0, 0]);
  });
});
