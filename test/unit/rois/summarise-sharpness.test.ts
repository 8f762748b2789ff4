import { expect } from "chai";
import { summariseSharpness } from "../../../src/algorithms/rois/summarise-sharpness.ts";

describe("the sharpness of a window", () => {
  it("is the mean of cells that are alike", () => {
    const map = { raw: [0.2, 0.4, 0.6], deviation: [0.05, 0.05, 0.05] };
    expect(summariseSharpness([map])).to.be.closeTo(0.4, 1e-12);
  });

  it("counts cells by how sure they are, over all windows", () => {
    const sure = { raw: [0.8], deviation: [0.05] };
    const unsure = { raw: [0.2, 0.2], deviation: [0.1, 0.1] };
    expect(summariseSharpness([sure, unsure])).to.be.closeTo((4 * 0.8 + 0.2 + 0.2) / 6, 1e-12);
    expect(summariseSharpness([unsure, sure])).to.be.closeTo(summariseSharpness([sure, unsure]), 1e-12);
  });

  it("leaves out cells without detail, whatever they say", () => {
    expect(summariseSharpness([{ raw: [0.7, 9, NaN], deviation: [0.1, 0.3, NaN] }])).to.be.closeTo(
      0.7,
      1e-12,
    );
  });

  it("is limited to 0..1 as a whole, not cell by cell", () => {
    expect(summariseSharpness([{ raw: [1.2, 0.8], deviation: [0.1, 0.1] }])).to.be.closeTo(1, 1e-12);
    expect(summariseSharpness([{ raw: [1.3, 1.2], deviation: [0.1, 0.1] }])).to.equal(1);
    expect(summariseSharpness([{ raw: [-0.1], deviation: [0.1] }])).to.equal(0);
  });

  it("is not known where next to nothing can be read", () => {
    expect(summariseSharpness([])).to.be.NaN;
    expect(summariseSharpness([{ raw: [0.5], deviation: [0.5] }])).to.be.NaN;
    const deviation = Array.from({ length: 1000 }, (_, index) => (index < 3 ? 0.05 : 0.4));
    expect(summariseSharpness([{ raw: Array<number>(1000).fill(0.5), deviation }])).to.be.NaN;
  });
});
