import { expect } from "chai";
import fc from "fast-check";
import { newMessage } from "../../../../src/ros/message.ts";
import { fromRclnodejs, toRclnodejs } from "../../../../src/ros/rclnodejs/convert.ts";

const IMAGE = "sensor_msgs/msg/Image";

describe("structs for rclnodejs", () => {
  it("hands over no view into a larger buffer, at any depth", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), fc.nat(16), fc.nat(16), (bytes, before, after) => {
        const buffer = new Uint8Array(before + bytes.length + after);
        buffer.set(bytes, before);
        const data = buffer.subarray(before, before + bytes.length);
        const { images } = toRclnodejs({ images: [newMessage(IMAGE, { data })] }) as {
          images: { data: Uint8Array }[];
        };
        const sent = images[0]!.data;
        expect(new Uint8Array(sent.buffer)).to.deep.equal(bytes);
      }),
    );
  });

  it("does not copy an array that spans its buffer", () => {
    const data = new Uint8Array(8);
    expect(toRclnodejs(newMessage(IMAGE, { data }))["data"]).to.equal(data);
  });

  it("keeps the type of a copied array", () => {
    const values = new Float64Array([1, 2, 3]).subarray(1);
    expect(toRclnodejs({ values })["values"]).to.deep.equal(new Float64Array([2, 3]));
  });

  it("brings what arrives to the array types that the port promises", () => {
    const arrived = { x_offset: 1, y_offset: 2, height: 3, width: 4, do_rectify: false };
    const goal = { search: "", windows: [arrived], window_policy: 0, range_min: 0, range_max: 0, speed: 0 };
    const struct = fromRclnodejs("intelligent_autofocus/Focus_Goal", {
      ...goal,
      max_captures: 0,
      timeout: 0,
    });
    expect(struct["windows"]).to.deep.equal([arrived]);
    const feedback = fromRclnodejs("intelligent_autofocus/Focus_Feedback", { candidates: [1, 2] });
    expect(feedback["candidates"]).to.deep.equal(new Float64Array([1, 2]));
  });

  it("leaves out what the definition does not know", () => {
    expect(fromRclnodejs("std_msgs/Float64", { data: 1, more: 2 })).to.deep.equal({ data: 1 });
  });
});
