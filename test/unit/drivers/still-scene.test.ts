import { expect } from "chai";
import { image } from "../../../src/core/image.ts";
import type { Scene } from "../../../src/drivers/simulator/scene.ts";
import { StillScene } from "../../../src/drivers/simulator/still-scene.ts";
import { rejection } from "../../support/async.ts";
import { AutofocusError } from "../../../src/core/errors.ts";

describe("still scene", () => {
  let rendered: number[];
  let fails: boolean;
  const scene: Scene = {
    width: 1,
    height: 1,
    channels: 1,
    render: (position) => {
      rendered.push(position);
      if (fails) return Promise.reject(new AutofocusError("internal", "broken"));
      return Promise.resolve(image(1, 1, 1, Float32Array.of(position)));
    },
    trueFocus: () => 7,
  };
  beforeEach(() => {
    rendered = [];
    fails = false;
  });

  it("renders a position once, until it is long unused", async () => {
    const still = new StillScene(scene);
    const first = await still.render(1);
    expect(await still.render(1)).to.equal(first);
    for (let position = 2; position <= 8; position++) await still.render(position);
    await still.render(1);
    expect(rendered).to.deep.equal([1, 2, 3, 4, 5, 6, 7, 8]);
    await still.render(9);
    await still.render(1);
    await still.render(2);
    expect(rendered.slice(8)).to.deep.equal([9, 2]);
  });

  it("forgets what failed", async () => {
    const still = new StillScene(scene);
    fails = true;
    await rejection(still.render(1));
    fails = false;
    expect((await still.render(1)).data[0]).to.equal(1);
  });

  it("is the scene in everything else", () => {
    expect(new StillScene(scene)).to.include({ width: 1, height: 1, channels: 1 });
    expect(new StillScene(scene).trueFocus({ x: 0, y: 0, width: 1, height: 1 }, 0)).to.equal(7);
  });
});
