import { expect } from "chai";
import { patchGrid } from "../../../src/algorithms/rois/patch-grid.ts";
import { cellDetail } from "../../../src/algorithms/strategy/still/cell-detail.ts";
import { cellPosteriors } from "../../../src/algorithms/strategy/still/cell-posterior.ts";
import { detailPassed } from "../../../src/algorithms/strategy/still/frame-detail.ts";
import { image, type ImageU8 } from "../../../src/core/image.ts";
import { sceneDetail } from "../../../src/pipeline/scene-detail.ts";
import { linearLens } from "../../support/linear-lens.ts";

const LENS = linearLens();
const NOISE = 1e-5;
/** Every second step, as positions of a cell. */
const GRID = Array.from({ length: 500 }, (_, index) => 2 * index + 1);

function gray(width: number, height: number, value: (x: number, y: number) => number): ImageU8 {
  const data = Uint8Array.from({ length: width * height }, (_, at) =>
    value(at % width, Math.floor(at / width)),
  );
  return image(width, height, 1, data);
}

function meanOn(grid: readonly number[], probability: Float64Array): number {
  return grid.reduce((sum, z, at) => sum + z * probability[at]!, 0);
}

/** The posterior of one cell in focus at `z0`, seen at `positions` with a factor of error on each energy. */
function seen(
  z0: number,
  positions: readonly number[],
  error: (index: number) => number = () => 1,
  prior: Float64Array = new Float64Array(GRID.length).fill(1 / GRID.length),
): Float64Array | undefined {
  const looks = positions.map((position, index) => ({
    position,
    // A plain cell beside it, which tells the noise.
    energy: Float32Array.of(
      error(index) * (1e-3 * detailPassed(LENS.radius(z0, position) / 4) + NOISE),
      NOISE,
    ),
  }));
  return cellPosteriors(looks, { reduction: 4, patchesOf: [[0], [0]] }, [prior], GRID, LENS)[0];
}

describe("strategy: detail of cells", () => {
  it("is that of the pixels against their neighbours, cell by cell", () => {
    const point = gray(8, 4, (x, y) => (x === 5 && y === 1 ? 255 : 0));
    const { rows, cols, energy } = cellDetail(point, 1, 4);
    expect([rows, cols]).to.deep.equal([1, 2]);
    // The point differs by 8/9, its eight neighbours by 1/9.
    expect(energy[0]).to.equal(0);
    expect(energy[1]).to.be.closeTo((64 + 8) / 81 / 16, 1e-7);
    // Here three of the neighbours lie in the cell on the left.
    const edge = cellDetail(
      gray(8, 4, (x, y) => (x === 4 && y === 1 ? 255 : 0)),
      1,
      4,
    );
    expect(edge.energy[0]).to.be.closeTo(3 / 81 / 16, 1e-7);
  });

  it("reduces the frame first, leaves out what fills no pixel, and knows cells that are cut off", () => {
    const board = gray(11, 9, (x, y) => ((Math.floor(x / 2) + Math.floor(y / 2)) % 2 === 0 ? 0 : 255));
    const { rows, cols, energy } = cellDetail(board, 2, 3);
    expect([rows, cols]).to.deep.equal([2, 2]);
    // Inside a chess board of single pixels a pixel is 1/2 from the mean of two values and 1/18 from that of nine.
    expect(
      cellDetail(
        gray(64, 64, (x, y) => 255 * ((x + y) % 2)),
        1,
        64,
      ).energy[0],
    ).to.be.closeTo((4 / 9) ** 2, 1e-2);
    for (const each of energy) expect(each).to.be.within(0.1, 0.4);
    expect(
      Math.max(
        ...cellDetail(
          gray(20, 20, () => 77),
          2,
          4,
        ).energy,
      ),
    ).to.be.lessThan(1e-12);
  });

  it("passes the disk as the integral says", () => {
    expect(detailPassed(0)).to.equal(1);
    // numpy, 1000 steps of the integral and J1(x) as the mean of cos(t - x sin t) over 4000 steps from 0 to pi.
    const golden = [
      [0.25, 0.91785],
      [0.5, 0.71023],
      [1, 0.26625],
      [1.5, 0.08203],
      [2, 0.03746],
      [4, 0.00473],
    ];
    for (const [radius, share] of golden) expect(detailPassed(radius!)).to.be.closeTo(share!, 2e-3);
    expect(detailPassed(1000)).to.be.within(0, 1e-4);
  });

  it("tells where between two frames a cell is in focus, within half of the depth of field", () => {
    const between = Float64Array.from(GRID, (z) => (z > 490 && z < 570 ? 1 / 40 : 0));
    for (const z0 of [505, 515, 530, 545, 555])
      expect(
        meanOn(
          GRID,
          seen(z0, [500, 560], () => 1, between)!,
        ),
      ).to.be.closeTo(z0, 10);
  });

  it("tells it of frames on all sides whatever the patches say, also where energies are wrong by a quarter", () => {
    const positions = [420, 460, 500, 540, 580, 620];
    for (const z0 of [490, 510, 525, 540])
      for (const error of [0.8, 1, 1.25]) {
        const posterior = seen(z0, positions, (index) => (index === 2 ? error : 1))!;
        expect(meanOn(GRID, posterior)).to.be.closeTo(z0, 8);
      }
  });

  it("believes the patches where the frames do not tell", () => {
    const prior = Float64Array.from(GRID, (z) => (Math.abs(z - 300) < 20 ? 1 / 20 : 0));
    const one = seen(310, [320], () => 1, prior)!;
    expect(meanOn(GRID, one)).to.be.closeTo(300 + 0.05 * 200, 15);
    // Against the patches, where the frames do: it was sharp at 500 and hardly at 460 or 540.
    expect(
      meanOn(
        GRID,
        seen(500, [300, 460, 500, 540], () => 1, prior)!,
      ),
    ).to.be.closeTo(500, 25);
  });

  it("says nothing of a cell without detail, nor of one whose patches were never read", () => {
    const plain = [{ position: 500, energy: Float32Array.of(NOISE, NOISE) }];
    const prior = new Float64Array(GRID.length).fill(1 / GRID.length);
    const where = { reduction: 2, patchesOf: [[0], [0]] };
    expect(cellPosteriors(plain, where, [prior], GRID, LENS)).to.deep.equal([undefined, undefined]);
    const sharp = [{ position: 500, energy: Float32Array.of(1e-3, NOISE) }];
    expect(cellPosteriors(sharp, where, [undefined], GRID, LENS)[0]).to.equal(undefined);
  });

  it("lies in the patches that hold the cell, or in the nearest", () => {
    const frame = gray(300, 200, (x, y) => (x * y) % 256);
    const grid = patchGrid(300, 200, 128, 32);
    const { energy, reduction, patchesOf } = sceneDetail(frame, grid, LENS);
    // The blur is 2 px at the end of the depth of field of this lens.
    expect(reduction).to.equal(4);
    const cols = Math.ceil(300 / 32);
    expect(energy).to.have.length(cols * Math.ceil(200 / 32));
    patchesOf.forEach((patches, cell) => {
      const [x, y] = [32 * ((cell % cols) + 0.5), 32 * (Math.floor(cell / cols) + 0.5)];
      expect(patches).to.not.have.length(0);
      const holding = grid.patches.flatMap((patch, index) =>
        x >= patch.x && x <= patch.x + 128 && y >= patch.y && y <= patch.y + 128 ? [index] : [],
      );
      if (holding.length > 0) expect(patches).to.deep.equal(holding);
    });
    expect(patchesOf[0]).to.deep.equal([0]);
  });
});
