import { expect } from "chai";
import fc from "fast-check";
import { image } from "../../../src/core/image.ts";
import { frameToMessage, fromImageMessage, toImageMessage } from "../../../src/ros/image-message.ts";
import { newMessage, validate } from "../../../src/ros/message.ts";
import { header } from "../../../src/ros/time.ts";
import { rejection } from "../../support/async.ts";

const HEADER = header(1234.5, "optical");

describe("image messages", () => {
  const side = fc.integer({ min: 1, max: 9 });

  it("carry pictures of every kind there and 8-bit ones back, sharing their pixels", async () => {
    const pictures = fc
      .tuple(side, side, fc.constantFrom<1 | 3>(1, 3))
      .chain(([width, height, channels]) =>
        fc
          .uint8Array({ minLength: width * height * channels, maxLength: width * height * channels })
          .map((data) => image(width, height, channels, data)),
      );
    await fc.assert(
      fc.asyncProperty(pictures, async (picture) => {
        const message = toImageMessage(picture, HEADER);
        validate("sensor_msgs/Image", message);
        const back = await fromImageMessage(message, picture.channels === 1 ? "gray" : "rgb");
        expect(back).to.deep.equal(picture);
        expect(back.data.buffer).to.equal(picture.data.buffer);
      }),
    );
    const deep = toImageMessage(image(2, 1, 1, Float32Array.of(1, NaN)), HEADER);
    expect(deep).to.include({ encoding: "32FC1", step: 8, width: 2, height: 1 });
    expect(new Float32Array(deep.data.slice().buffer)).to.deep.equal(Float32Array.of(1, NaN));
    expect(toImageMessage(image(2, 1, 3, new Uint16Array(6)), HEADER)).to.include({
      encoding: "rgb16",
      step: 12,
    });
  });

  it("stamp frames with the beginning of their exposure", () => {
    const frame = {
      image: image(1, 1, 1, new Uint8Array(1)),
      stamp: 12_345.25,
      exposure: 5,
      sequence: 0,
      frameId: "optical",
    };
    expect(frameToMessage(frame).header).to.deep.equal({
      stamp: { sec: 12, nanosec: 345_250_000 },
      frame_id: "optical",
    });
  });

  it("reads padded rows, other orders of colours and 16 bits", async () => {
    const padded = newMessage("sensor_msgs/msg/Image", {
      width: 2,
      height: 2,
      encoding: "mono8",
      step: 3,
      data: Uint8Array.of(1, 2, 99, 3, 4, 99),
    });
    expect(Array.from((await fromImageMessage(padded, "gray")).data)).to.deep.equal([1, 2, 3, 4]);
    const bgr = newMessage("sensor_msgs/msg/Image", {
      width: 1,
      height: 1,
      encoding: "bgr8",
      step: 3,
      data: Uint8Array.of(1, 2, 3),
    });
    expect(Array.from((await fromImageMessage(bgr, "rgb")).data)).to.deep.equal([3, 2, 1]);
    const wide = newMessage("sensor_msgs/msg/Image", {
      width: 2,
      height: 1,
      encoding: "mono16",
      is_bigendian: 1,
      step: 4,
      data: Uint8Array.of(0xff, 0xff, 0x80, 0x00),
    });
    expect(Array.from((await fromImageMessage(wide, "gray")).data)).to.deep.equal([255, 128]);
  });

  it("answers every lie with invalid_image, and reads nothing outside the data", async () => {
    const anything = fc.record({
      width: fc.oneof(side, fc.constantFrom(0, 40_000, 4_294_967_295)),
      height: fc.oneof(side, fc.constantFrom(0, 40_000, 4_294_967_295)),
      step: fc.oneof(fc.nat(40), fc.constantFrom(4_294_967_295)),
      encoding: fc.constantFrom(
        "mono8",
        "mono16",
        "rgb8",
        "bgr8",
        "rgba8",
        "yuv422",
        "bayer_rggb8",
        "",
        "8UC7",
        "MONO8",
      ),
      is_bigendian: fc.nat(255),
      data: fc.uint8Array({ maxLength: 200 }),
    });
    const bytes: Record<string, number> = {
      mono8: 1,
      mono16: 2,
      rgb8: 3,
      bgr8: 3,
      rgba8: 4,
      yuv422: 2,
      bayer_rggb8: 1,
    };
    await fc.assert(
      fc.asyncProperty(anything, fc.constantFrom("gray", "rgb"), async (fields, to) => {
        const message = newMessage("sensor_msgs/msg/Image", fields);
        const { width, height, step, encoding, data } = message;
        const honest =
          width > 0 &&
          height > 0 &&
          step >= width * (bytes[encoding] ?? Infinity) &&
          data.length === step * height &&
          (encoding !== "yuv422" || width % 2 === 0);
        if (honest) {
          const picture = await fromImageMessage(message, to).catch(
            (error: unknown) => error as { code: string },
          );
          // A Bayer mosaic may be too small to be interpolated.
          if ("code" in picture) expect(picture.code).to.equal("invalid_image");
          else expect(picture).to.include({ width, height });
        } else expect((await rejection(fromImageMessage(message, to))).code).to.equal("invalid_image");
      }),
      { numRuns: 500 },
    );
  });
});
