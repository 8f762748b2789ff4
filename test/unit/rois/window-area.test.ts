import { expect } from "chai";
import { windowArea } from "../../../src/algorithms/rois/window-area.ts";

describe("the area of a window", () => {
  const frame = { width: 640, height: 480 };

  it("is the window itself where a patch fits", () => {
    for (const window of [
      { x: 10, y: 20, width: 300, height: 200 },
      { x: 0, y: 0, width: 640, height: 480 },
      { x: 100, y: 100, width: 128, height: 128 },
    ])
      expect(windowArea(window, frame)).to.deep.equal(window);
  });

  it("is what lies within the frame of one that reaches beyond", () => {
    expect(windowArea({ x: 500, y: -50, width: 400, height: 300 }, frame)).to.deep.equal({
      x: 500,
      y: 0,
      width: 140,
      height: 250,
    });
  });

  it("is widened to the smallest patch around a small window", () => {
    expect(windowArea({ x: 300, y: 200, width: 10, height: 280 }, frame)).to.deep.equal({
      x: 241,
      y: 200,
      width: 128,
      height: 280,
    });
    expect(windowArea({ x: 0, y: 470, width: 4, height: 4 }, frame)).to.deep.equal({
      x: 0,
      y: 352,
      width: 128,
      height: 128,
    });
  });
});
