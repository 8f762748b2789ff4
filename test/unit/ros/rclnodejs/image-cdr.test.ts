import { expect } from "chai";
import fc from "fast-check";
import { newMessage } from "../../../../src/ros/message.ts";
import { ImageWriter } from "../../../../src/ros/rclnodejs/image-cdr.ts";
import { readImage } from "../../../support/reference/image-cdr.ts";

const IMAGE = "sensor_msgs/msg/Image";

const images = fc
  .record({
    header: fc.record({
      stamp: fc.record({
        sec: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
        nanosec: fc.nat(999_999_999),
      }),
      frame_id: fc.string({ unit: "grapheme" }).filter((text) => !text.includes("\0")),
    }),
    height: fc.nat(65535),
    width: fc.nat(65535),
    encoding: fc.constantFrom("", "mono8", "rgb8", "bayer_rggb8"),
    is_bigendian: fc.constantFrom(0, 1),
    step: fc.nat(65535),
    data: fc.uint8Array(),
  })
  .map((init) => newMessage(IMAGE, init));

describe("images in CDR", () => {
  it("are laid out as the standard says", () => {
    const message = new ImageWriter().write(
      newMessage(IMAGE, {
        header: { stamp: { sec: 1, nanosec: 2 }, frame_id: "cam" },
        height: 1,
        width: 2,
        encoding: "mono8",
        step: 2,
        data: new Uint8Array([7, 8]),
      }),
    );
    const golden = [
      "00010000", // little endian
      "01000000 02000000", // stamp
      "04000000 63616d00", // frame_id
      "01000000 02000000", // height, width
      "06000000 6d6f6e6f3800", // encoding
      "00 00", // is_bigendian, then up to a multiple of four
      "02000000", // step
      "02000000 0708", // data
    ];
    expect(message.toString("hex")).to.equal(golden.join("").replaceAll(" ", ""));
  });

  it("are read as they were, whatever the writer wrote before", () => {
    const writer = new ImageWriter();
    fc.assert(
      fc.property(images, (image) => void expect(readImage(writer.write(image))).to.deep.equal(image)),
    );
  });
});
