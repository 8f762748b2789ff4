/** Weighs video frames by a rule that tests can predict: where the new frame is sharper, or shows something else, it counts. */
import { FEATURE_PLANES, type Weigher } from "../../src/algorithms/fusion/streaming/features.ts";

export const sharperWeigher: Weigher = ({ columns, rows, planes }) => {
  const cells = columns * rows;
  const plane = (name: (typeof FEATURE_PLANES)[number]): Float32Array => {
    const start = FEATURE_PLANES.indexOf(name) * cells;
    return planes.subarray(start, start + cells);
  };
  const [frame, picture] = [plane("fine detail of the frame"), plane("fine detail of the picture")];
  const moved = plane("mismatch around");
  return Promise.resolve(
    frame.map((detail, cell) => (detail > picture[cell]! + 0.15 || moved[cell]! > 0.8 ? 1 : 0)),
  );
};
