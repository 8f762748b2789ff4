import { expect } from "chai";
import { DecodedFrames } from "../../../src/cli/fuse/decoded-frames.ts";
import { image, type ImageU8 } from "../../../src/core/image.ts";

describe("decoded frames", () => {
  /** Frames of 100 bytes, and how often each was decoded. */
  const counting = (): { decode: (index: number) => Promise<ImageU8>; times: number[] } => {
    const times = [0, 0, 0, 0];
    const decode = (index: number): Promise<ImageU8> => {
      times[index]! += 1;
      return Promise.resolve(image(10, 10, 1, new Uint8Array(100).fill(index)));
    };
    return { decode, times };
  };

  it("are decoded once where they fit into memory", async () => {
    const { decode, times } = counting();
    const frames = new DecodedFrames(decode);
    for (const index of [2, 1, 3, 0, 2]) expect((await frames.read(index)).data[0]).equal(index);
    for (const index of [0, 1, 2, 3]) expect((await frames.take(index)).data[0]).equal(index);
    expect(times).to.deep.equal([1, 1, 1, 1]);
    await frames.take(1);
    expect(times).to.deep.equal([1, 2, 1, 1]);
  });

  it("are decoded again where they do not, and leave room when taken", async () => {
    const { decode, times } = counting();
    const frames = new DecodedFrames(decode, 250);
    for (const index of [0, 1, 2, 3]) await frames.read(index);
    for (const index of [0, 1, 2, 3]) await frames.read(index);
    expect(times).to.deep.equal([1, 1, 2, 2]);
    await frames.take(0);
    await frames.read(2);
    await frames.read(2);
    expect(times).to.deep.equal([1, 1, 3, 2]);
  });
});
