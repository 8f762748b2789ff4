import { spawn } from "node:child_process";
import { openSync, closeSync, existsSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";

const root = join(import.meta.dirname, "../..");

interface Ended {
  readonly exitCode: number | null;
  readonly errors: string;
}

/** Runs the command line with its standard output going to `stdout`: a file, or nobody, as after `| head -1`. */
function cli(args: readonly string[], stdout: number | "nobody"): Promise<Ended> {
  const child = spawn(process.execPath, ["--import", "tsx", "src/cli/main.ts", ...args], {
    cwd: root,
    stdio: ["ignore", stdout === "nobody" ? "pipe" : stdout, "pipe"],
  });
  child.stdout?.destroy();
  let errors = "";
  child.stderr?.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (exitCode) => resolve({ exitCode, errors }));
  });
}

describe("the output of the command line", function () {
  this.timeout(30_000);

  it("ends without a trace, but not as a success, when nobody reads it", async () => {
    expect(await cli(["doctor"], "nobody")).to.deep.equal({ exitCode: 1, errors: "" });
  });

  it("says so where it cannot be written", async function () {
    // A device that is always full, which only Linux has.
    if (!existsSync("/dev/full")) return this.skip();
    const full = openSync("/dev/full", "w");
    try {
      const { exitCode, errors } = await cli(["doctor"], full);
      expect(exitCode).to.equal(1);
      expect(errors).to.match(/^error: Cannot write to the standard output: .*ENOSPC/);
      expect(errors).to.not.include("node:events");
    } finally {
      closeSync(full);
    }
  });

  it("keeps seeds to whole numbers", async () => {
    for (const seed of ["-1", "1.5", "1e30", ""]) {
      const { exitCode, errors } = await cli(["demo", "--seed", seed], 1);
      expect(exitCode).to.equal(2);
      expect(errors).to.include("--seed");
    }
  });
});
