import { expect } from "chai";
import { AutofocusError } from "../../../src/core/errors.ts";
import { readAhead } from "../../../src/cli/fuse/read-ahead.ts";
import { rejection } from "../../support/async.ts";

describe("reading ahead", () => {
  it("gives the results in order and begins the next ones meanwhile, but not many", async () => {
    const begun: number[] = [];
    const results: number[] = [];
    const items = Array.from({ length: 8 }, (_, i) => i);
    // The sooner ones take longer.
    const read = async (item: number): Promise<number> => {
      begun.push(item);
      for (let turn = 0; turn < 20 - 2 * item; turn++) await Promise.resolve();
      return 10 * item;
    };
    for await (const result of readAhead(items, read)) {
      results.push(result);
      expect(begun.length).to.equal(Math.min(items.length, results.length + 2));
    }
    expect(results).to.deep.equal(items.map((item) => 10 * item));
    expect(begun).to.deep.equal(items);
  });

  it("fails when the turn of a failing item comes, not before", async () => {
    const results: number[] = [];
    const error = new AutofocusError("io", "unreadable");
    const read = (item: number): Promise<number> =>
      item === 2 ? Promise.reject(error) : Promise.resolve(item);
    const all = (async () => {
      for await (const result of readAhead([0, 1, 2, 3], read)) results.push(result);
    })();
    expect(await rejection(all)).to.equal(error);
    expect(results).to.deep.equal([0, 1]);
  });

  it("gives nothing of nothing", async () => {
    for await (const result of readAhead<number, number>([], (item) => Promise.resolve(item)))
      expect.fail(`received ${result}`);
  });
});
