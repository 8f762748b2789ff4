import { expect } from "chai";
import { AutofocusError } from "../../../../src/core/errors.ts";
import { withKnownType } from "../../../../src/ros/rclnodejs/known-type.ts";

const LENS_STATE = "intelligent_autofocus/msg/LensState";

describe("types that ROS 2 does not know", () => {
  for (const message of [
    "libintelligent_autofocus__rosidl_typesupport_c.so: cannot open shared object file",
    "The message required does not exist: intelligent_autofocus, msg, LensState",
  ])
    it(`say what to build and source: ${message.slice(0, 40)}`, () => {
      const make = () =>
        withKnownType(LENS_STATE, () => {
          throw new Error(message);
        });
      expect(make).to.throw(AutofocusError, LENS_STATE).with.property("code", "ros_missing");
      expect(make).to.throw(AutofocusError).with.property("cure").that.contains("intelligent_autofocus");
    });

  it("are not made of other errors", () => {
    const error = new AutofocusError("invalid_input", "a name");
    expect(() =>
      withKnownType(LENS_STATE, () => {
        throw error;
      }),
    ).to.throw(error as never);
    expect(withKnownType(LENS_STATE, () => 5)).to.equal(5);
  });
});
