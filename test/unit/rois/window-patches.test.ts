import { expect } from "chai";
import fc from "fast-check";
import { PATCH_SIZES, patchSizeFor, windowPatches } from "../../../src/algorithms/rois/window-patches.ts";
import { AutofocusError } from "../../../src/core/errors.ts";

describe("windowPatches", () => {
  it("takes one patch for a window of a patch's size, where it is", () => {
    const window = { x: 300, y: 200, width: 512, height: 512 };
    expect(windowPatches(window, { width: 1920, height: 1080 })).to.deep.equal([window]);
  });

  it("covers a larger window from edge to edge with the largest patches that fit, and once as a whole", () => {
    const patches = windowPatches({ x: 100, y: 50, width: 1000, height: 600 }, { width: 1920, height: 1080 });
    expect(patches.map(({ x, y, width }) => [x, y, width])).to.deep.equal([
      [100, 50, 512],
      [588, 50, 512],
      [100, 138, 512],
      [588, 138, 512],
      [300, 50, 600],
    ]);
  });

  it("reads no window as a whole that is barely larger than the patches, nor more than 2048 px of one", () => {
    const frame = { width: 4000, height: 3000 };
    const sides = (width: number, height: number): number[] =>
      windowPatches({ x: 10, y: 20, width, height }, frame).map((patch) => patch.width);
    expect(new Set(sides(575, 2000))).to.deep.equal(new Set([512]));
    expect(sides(3900, 2900).at(-1)).to.equal(2048);
  });

  it("lets neighbours overlap as much as asked", () => {
    const frame = { width: 640, height: 512 };
    expect(windowPatches({ x: 0, y: 0, ...frame }, frame, 0.5)).to.have.length(2);
    const wide = { width: 1024, height: 512 };
    expect(windowPatches({ x: 0, y: 0, ...wide }, wide, 0.5).map(({ x }) => x)).to.deep.equal([0, 256, 512]);
  });

  it("widens a window smaller than the smallest patch and keeps it inside the frame", () => {
    const patches = windowPatches({ x: 0, y: 470, width: 20, height: 10 }, { width: 640, height: 480 });
    expect(patches).to.deep.equal([{ x: 0, y: 352, width: 128, height: 128 }]);
  });

  it("covers the window with patches inside the frame, whatever both are", () => {
    const side = fc.integer({ min: 128, max: 4000 });
    const place = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(side, side, place, place, place, place, (width, height, u, v, s, t) => {
        const x = Math.floor(u * (width - 1));
        const y = Math.floor(v * (height - 1));
        const window = {
          x,
          y,
          width: 1 + Math.floor(s * (width - x - 1)),
          height: 1 + Math.floor(t * (height - y - 1)),
        };
        const patches = windowPatches(window, { width, height });
        for (const [index, patch] of patches.entries()) {
          const isOverview = index === patches.length - 1 && patch.width > 512;
          if (!isOverview) expect(PATCH_SIZES).to.include(patch.width);
          expect(patch.x).to.be.within(0, width - patch.width);
          expect(patch.y).to.be.within(0, height - patch.height);
        }
        const covered = (px: number, py: number): boolean =>
          patches.some(
            (p) => p.width <= 512 && px >= p.x && px < p.x + p.width && py >= p.y && py < p.y + p.height,
          );
        for (const px of [window.x, window.x + window.width - 1, window.x + Math.floor(window.width / 2)])
          for (const py of [window.y, window.y + window.height - 1]) expect(covered(px, py)).to.equal(true);
      }),
    );
  });

  it("refuses a window outside the frame, a frame too small and a wrong overlap", () => {
    const frame = { width: 640, height: 480 };
    const window = { x: 0, y: 0, width: 128, height: 128 };
    expect(() => windowPatches({ ...window, x: 640 }, frame)).to.throw(
      AutofocusError,
      "window within 640x480",
    );
    expect(() => windowPatches({ ...window, x: NaN }, frame)).to.throw(AutofocusError);
    expect(() => windowPatches(window, { width: 100, height: 480 })).to.throw(
      AutofocusError,
      "at least 128x128",
    );
    expect(() => windowPatches(window, frame, 1)).to.throw(AutofocusError, "overlap");
  });

  it("knows the largest patch of an area", () => {
    expect(patchSizeFor({ width: 520, height: 4000 })).to.equal(512);
    expect(patchSizeFor({ width: 511, height: 300 })).to.equal(256);
    expect(patchSizeFor({ width: 127, height: 900 })).to.equal(undefined);
  });
});
