import { expect } from "chai";
import { RefocusMonitor } from "../../../src/pipeline/refocus-monitor.ts";
import { linearLens, readingAt, UNTEXTURED } from "../../support/linear-lens.ts";

const RULES = { frames: 3, contrastDrop: 0.3 };

describe("when continuous autofocus focuses again", () => {
  const lens = linearLens();
  const look = (...depths: (number | undefined)[]) =>
    ({
      kind: "defocus",
      position: 500,
      readings: depths.map((z0) => (z0 === undefined ? UNTEXTURED : readingAt(lens, z0, 500, 0.05))),
    }) as const;

  it("waits for several looks in a row that find most patches out of focus", () => {
    const monitor = new RefocusMonitor();
    const see = (...depths: (number | undefined)[]): boolean => monitor.see(look(...depths), lens, RULES);
    expect([see(600, 600), see(600, 600)]).to.deep.equal([false, false]);
    expect(see(500, 500, 600)).to.equal(false);
    expect([see(600, 600, 500), see(600), see(600)]).to.deep.equal([false, false, true]);
  });

  it("tolerates half a depth of field more than the depth of field", () => {
    const monitor = new RefocusMonitor();
    for (let i = 0; i < 10; i++) expect(monitor.see(look(528, 472), lens, RULES)).to.equal(false);
    for (let i = 0; i < 2; i++) monitor.see(look(532, 468), lens, RULES);
    expect(monitor.see(look(532, 468), lens, RULES)).to.equal(true);
  });

  it("learns nothing from a frame without texture", () => {
    const monitor = new RefocusMonitor();
    const see = (z0: number | undefined): boolean => monitor.see(look(z0), lens, RULES);
    expect([see(600), see(600), see(undefined), see(600)]).to.deep.equal([false, false, false, true]);
  });

  it("goes by the fall of the contrast without a lens model, from the last focusing on", () => {
    const monitor = new RefocusMonitor();
    const see = (value: number): boolean =>
      monitor.see({ kind: "tenengrad", position: 500, value }, undefined, RULES);
    expect([see(10), see(8), see(7.1), see(7.1)]).to.deep.equal([false, false, false, false]);
    expect([see(6.9), see(6.9), see(6.9)]).to.deep.equal([false, false, true]);
    monitor.reset();
    expect([see(5), see(5), see(5), see(5)]).to.deep.equal([false, false, false, false]);
  });
});
