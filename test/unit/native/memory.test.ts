import { execFile } from "node:child_process";
import os from "node:os";
import { promisify } from "node:util";
import { expect } from "chai";

/** Page faults of a process that blurs one picture again and again. */
async function faults(prepare: string): Promise<number> {
  const native = new URL("../../../src/core/native/index.ts", import.meta.url);
  const program = `
    const { gaussianBlur, keepMemory } = await import(${JSON.stringify(native.href)});
    ${prepare}
    const picture = { width: 2048, height: 1024, channels: 1, data: new Float32Array(2048 * 1024) };
    await gaussianBlur(picture, 1);
    const before = process.resourceUsage().minorPageFault;
    for (let i = 0; i < 25; i++) {
      await gaussianBlur(picture, 1);
      gc();
    }
    console.log(process.resourceUsage().minorPageFault - before);`;
  const args = ["--expose-gc", "--import", "tsx", "--input-type=module", "--eval", program];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return Number(stdout);
}

describe("kept memory", () => {
  it("is used again instead of being asked for anew", async function () {
    const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
    if (os.platform() !== "linux" || report.header?.glibcVersionRuntime === undefined)
      // Only glibc is told to keep memory.
      this.skip();
    const [given, kept] = await Promise.all([faults(""), faults("await keepMemory();")]);
    expect(kept).to.be.lessThan(0.85 * given);
  });
});
