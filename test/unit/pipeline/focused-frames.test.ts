import { expect } from "chai";
import { Subject } from "rxjs";
import { focusedFrames, type FocusedFrame } from "../../../src/pipeline/focused-frames.ts";
import { newMessage } from "../../../src/ros/message.ts";
import type { FrameFocusMsg, ImageMsg } from "../../../src/ros/messages.ts";
import { header } from "../../../src/ros/time.ts";

describe("pictures with their focus position", () => {
  const image = (stamp: number) => newMessage("sensor_msgs/msg/Image", { header: header(stamp, "camera") });
  const focus = (stamp: number, position = stamp, settled = true) =>
    newMessage("intelligent_autofocus/msg/FrameFocus", {
      header: header(stamp, "camera"),
      position,
      settled,
    });

  let images: Subject<ImageMsg>;
  let focuses: Subject<FrameFocusMsg>;
  let pairs: FocusedFrame[];

  beforeEach(() => {
    [images, focuses, pairs] = [new Subject(), new Subject(), []];
    focusedFrames(images, focuses).subscribe((pair) => pairs.push(pair));
  });

  const stamps = (): number[] => pairs.map(({ stamp }) => stamp);

  it("pairs them by stamp, whichever comes first", () => {
    images.next(image(10));
    expect(pairs).to.have.length(0);
    focuses.next(focus(10, 700, false));
    expect(pairs[0]).to.deep.include({ stamp: 10, position: 700, settled: false });
    focuses.next(focus(20));
    images.next(image(20));
    expect(stamps()).to.deep.equal([10, 20]);
  });

  it("gets over what is lost on either side", () => {
    images.next(image(10));
    images.next(image(20));
    focuses.next(focus(20));
    focuses.next(focus(30));
    focuses.next(focus(40));
    images.next(image(40));
    expect(stamps()).to.deep.equal([20, 40]);
  });

  it("keeps few that wait", () => {
    for (let stamp = 1; stamp <= 100; stamp++) images.next(image(stamp));
    focuses.next(focus(50));
    expect(pairs).to.have.length(0);
    focuses.next(focus(100));
    expect(stamps()).to.deep.equal([100]);
  });

  it("leaves out frames whose position nobody knows", () => {
    images.next(image(10));
    focuses.next(focus(10, NaN));
    expect(pairs).to.have.length(0);
  });
});
