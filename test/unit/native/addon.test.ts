import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { expect } from "chai";
import { AutofocusError } from "../../../src/core/errors.ts";
import { call, loadAddon } from "../../../src/core/native/addon.ts";
import { toGray } from "../../../src/core/native/index.ts";
import { rejection } from "../../support/async.ts";

const ADDON = fileURLToPath(new URL("../../../build/Release/autofocus.node", import.meta.url));

/** A thread's program: starts more work than it will live to see done, and says so. */
const BUSY = `
  const { parentPort, workerData } = require("node:worker_threads");
  const addon = require(workerData);
  const image = { width: 600, height: 400, channels: 1, data: new Float32Array(240000) };
  for (let run = 0; run < 8; run++) addon.diskBlur(image, 90);
  parentPort.postMessage("busy");
  setInterval(() => 0, 1000);
`;

describe("the native addon", () => {
  it("says how to build it when it is not there", () => {
    const load = (): unknown => loadAddon("/nowhere/autofocus.node");
    expect(load).throw(AutofocusError).with.property("code", "native_missing");
    expect(load).throw(/Cannot find module/);
    expect(load)
      .throw(AutofocusError)
      .with.property("cure")
      .matches(/npm run build:native/);
  });

  it("turns foreign errors into internal ones and keeps their cause", async () => {
    const cause = new TypeError("odd");
    const error = await rejection(call(() => Promise.reject(cause)));
    expect(error.code).equal("internal");
    expect(error.cause).equal(cause);
  });

  it("rejects, and does not throw, on arguments of any kind", async () => {
    for (const nonsense of [undefined, null, 3, "x", {}, [], () => 0, Symbol("s"), 1n]) {
      expect((await rejection(toGray(nonsense as never))).code).equal("invalid_image");
    }
  });

  it("passes on what a hostile getter throws", async () => {
    const hostile = {
      get width(): number {
        throw new RangeError("boo");
      },
    };
    expect((await rejection(toGray(hostile as never))).message).equal("boo");
  });

  it("keeps the pixels alive while it works, whatever becomes of the object around them", async () => {
    const source = {
      width: 2000,
      height: 1000,
      channels: 3 as const,
      data: new Uint8Array(6_000_000).fill(7),
    };
    const pending = toGray(source);
    source.data = new Uint8Array(0);
    const churn = Array.from({ length: 50 }, () => new Uint8Array(1_000_000));
    expect((await pending).data.every((value) => value === 7)).equal(true);
    expect(churn.length).equal(50);
  });

  it("survives the end of a thread that is still waiting for it", async () => {
    for (let run = 0; run < 3; run++) {
      const thread = new Worker(BUSY, { eval: true, workerData: ADDON });
      await once(thread, "message");
      expect(await thread.terminate()).equal(1);
    }
    const white = { width: 1, height: 1, channels: 3 as const, data: Uint8Array.of(255, 255, 255) };
    expect((await toGray(white)).data[0]).equal(255);
  });
});
