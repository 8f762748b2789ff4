/**
 * What every CameraDriver must do. A driver's own test file calls this with a way to make it:
 * `cameraDriverContract("my camera", async () => ({ driver, clock }))`.
 */
import { expect } from "chai";
import { firstValueFrom, lastValueFrom, take, toArray } from "rxjs";
import type { Clock } from "../../src/core/clock.ts";
import type { Frame } from "../../src/core/frame.ts";
import type { CameraDriver } from "../../src/drivers/camera.ts";
import { letPass } from "./lens-driver.ts";

export interface CameraUnderTest {
  readonly driver: CameraDriver;
  readonly clock: Clock;
}

export function cameraDriverContract(name: string, make: () => Promise<CameraUnderTest>): void {
  describe(`CameraDriver: ${name}`, () => {
    let driver: CameraDriver;
    let clock: Clock;

    beforeEach(async () => {
      ({ driver, clock } = await make());
    });
    afterEach(() => driver.close());

    const frames = (count: number): Promise<Frame[]> =>
      letPass(clock, lastValueFrom(driver.frames$.pipe(take(count), toArray())));

    it("describes its frames once open, and delivers such frames", async () => {
      await driver.open();
      const info = driver.info();
      expect(info.model).to.not.be.empty;
      for (const { image, exposure, frameId } of await frames(2)) {
        expect(image).to.include({ width: info.width, height: info.height, channels: info.channels });
        expect(image.data).to.have.lengthOf(info.width * info.height * info.channels);
        expect(exposure).to.be.at.least(0);
        expect(frameId).to.equal(info.frameId);
      }
    });

    it("counts frames up by one and stamps the beginning of each exposure, in the past", async () => {
      await driver.open();
      const taken = await frames(4);
      for (const [index, frame] of taken.slice(1).entries()) {
        const previous = taken[index]!;
        expect(frame.sequence).to.equal(previous.sequence + 1);
        expect(frame.stamp).to.be.at.least(previous.stamp + previous.exposure);
      }
      const last = taken.at(-1)!;
      // Timers of Node may fire a millisecond early.
      expect(last.stamp + last.exposure).to.be.at.most(clock.now() + 1);
    });

    it("does not change a frame after it has been delivered", async () => {
      await driver.open();
      const [first] = await frames(1);
      const copy = first!.image.data.slice();
      await frames(2);
      expect(first!.image.data).to.deep.equal(copy);
    });

    it("is hot: a late subscriber sees the frames from then on", async () => {
      await driver.open();
      const [, second] = await frames(2);
      const [late] = await frames(1);
      expect(late!.sequence).to.be.above(second!.sequence);
    });

    it("delivers the same frames to all", async () => {
      await driver.open();
      const other = firstValueFrom(driver.frames$);
      const [mine] = await frames(1);
      expect((await other).image).to.equal(mine!.image);
    });

    it("completes on close, delivers nothing afterwards, and closes twice", async () => {
      await driver.open();
      await frames(1);
      const seen: Frame[] = [];
      let completed = false;
      driver.frames$.subscribe({ next: (frame) => seen.push(frame), complete: () => (completed = true) });
      await driver.close();
      expect(completed).to.equal(true);
      const before = seen.length;
      await letPass(clock, clock.sleep(100));
      expect(seen).to.have.lengthOf(before);
      await driver.close();
    });

    it("closes without having been opened", async () => {
      await driver.close();
    });
  });
}
