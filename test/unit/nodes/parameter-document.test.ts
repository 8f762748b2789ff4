import { readFile } from "node:fs/promises";
import { expect } from "chai";
import { OUTPUT, parameterDocument } from "../../../tools/generate-parameters.ts";

describe("docs/parameters.md", () => {
  it("says what the schemas say (after a change of one: npm run generate)", async () => {
    expect(await readFile(OUTPUT, "utf8")).to.equal(await parameterDocument());
  });
});
