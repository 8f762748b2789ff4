import { expect } from "chai";
import { PLANNERS } from "../../../src/algorithms/planning/index.ts";
import { AutofocusError } from "../../../src/core/errors.ts";
import { image, type ImageU8 } from "../../../src/core/image.ts";
import type { Roi } from "../../../src/core/roi.ts";
import { planCapture, type PlanCamera, type PlanOptions } from "../../../src/pipeline/plan-capture.ts";
import { rejection } from "../../support/async.ts";
import { linearLens, readingAt } from "../../support/linear-lens.ts";

const LENS = linearLens();
const SIZE = { width: 256, height: 160 };
/** Left of the middle of the frame, and right of it. */
const DEPTHS = [300, 700] as const;

/** A camera whose frames tell, as their value, where the lens stood, and a reader that knows what is where. */
function world(take?: (position: number, count: number) => void): {
  readonly camera: PlanCamera;
  readonly reader: PlanOptions["reader"];
} {
  let [position, count] = [0, 0];
  const picture = image(SIZE.width, SIZE.height, 1, new Uint8Array(SIZE.width * SIZE.height));
  return {
    camera: {
      lens: LENS,
      start: 500,
      take: (wanted) => {
        take?.(wanted, ++count);
        position = wanted;
        return Promise.resolve({ position, picture });
      },
    },
    reader: {
      sizes: [128],
      read: (_gray: ImageU8, patches: readonly Roi[]) =>
        Promise.resolve(
          patches.map(({ x }) => readingAt(LENS, DEPTHS[x < SIZE.width / 4 ? 0 : 1], position, 0.05)),
        ),
    },
  };
}

describe("carrying out a capture plan", () => {
  it("takes the frames a planner asks for and tells of each with what it showed", async () => {
    const { camera, reader } = world();
    const told: number[] = [];
    const run = await planCapture(PLANNERS.confident, camera, {
      reader,
      maxFrames: 20,
      onFrame: ({ position, step }, index) => {
        expect(step).to.not.equal(undefined);
        expect(index).to.equal(told.length);
        told.push(position);
      },
    });
    expect(run.cut).to.equal(undefined);
    expect(run.frames.map(({ position }) => position)).to.deep.equal(told);
    for (const z0 of DEPTHS)
      expect(run.fuse.some((index) => Math.abs(told[index]! - z0) <= 20)).to.equal(true);
    expect(run.fuse).to.not.include(0);
    const way = told.reduce((sum, z, i) => sum + Math.abs(z - (told[i - 1] ?? 500)), 0);
    expect(run.travel).to.be.closeTo(way, 1e-6);
    expect(run.frames[0]!.reading!.readings).to.have.length(run.frames[0]!.reading!.grid.patches.length);
    expect(run.frames[0]!.reason).to.equal("Look where the lens stands.");
  });

  it("keeps what it has when the limit is reached, the signal aborts, or the camera fails", async () => {
    const few = world();
    const limited = await planCapture(PLANNERS.sweep, few.camera, { reader: few.reader, maxFrames: 3 });
    expect(limited.cut?.code).to.equal("limit_reached");
    expect(limited.fuse).to.deep.equal([0, 1, 2]);

    const controller = new AbortController();
    const stopped = world((_, count) => {
      if (count === 2) controller.abort(new AutofocusError("canceled", "Enough."));
    });
    const interrupted = await planCapture(PLANNERS.sweep, stopped.camera, {
      reader: stopped.reader,
      maxFrames: 30,
      signal: controller.signal,
    });
    expect(interrupted.cut?.message).to.equal("Enough.");
    expect(interrupted.fuse).to.deep.equal([0, 1]);

    const broken = world((_, count) => {
      if (count === 2) throw new AutofocusError("camera_stopped", "Gone.");
    });
    const rest = await planCapture(PLANNERS.confident, broken.camera, {
      reader: broken.reader,
      maxFrames: 30,
    });
    expect(rest.cut?.code).to.equal("camera_stopped");
    expect(rest.fuse).to.deep.equal([0]);
    const blind = world();
    const told: number[] = [];
    const unread = await planCapture(PLANNERS.confident, blind.camera, {
      reader: { sizes: [128], read: () => Promise.reject(new AutofocusError("inference_failed", "No.")) },
      maxFrames: 30,
      onFrame: (_, index) => void told.push(index),
    });
    expect(unread.cut?.code).to.equal("inference_failed");
    expect(unread.frames).to.have.length(1);
    expect(told, "the frame that could not be read").to.deep.equal([0]);
  });

  it("fails where not even one frame can be had", async () => {
    const { camera, reader } = world(() => {
      throw new AutofocusError("camera_stopped", "Gone.");
    });
    const run = planCapture(PLANNERS.sweep, camera, { reader, maxFrames: 3 });
    expect(await rejection(run)).to.include({ code: "camera_stopped" });
  });
});
