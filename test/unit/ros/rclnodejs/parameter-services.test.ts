import { expect } from "chai";
import { z } from "zod";
import { ParameterStore } from "../../../../src/ros/parameters.ts";
import { publishParameterEvents, serveParameters } from "../../../../src/ros/rclnodejs/parameter-services.ts";
import { toParameterValue } from "../../../../src/ros/rclnodejs/parameter-values.ts";
import { fakeNode, type FakeNode } from "../../../support/fake-rclnodejs.ts";

const schema = z.object({
  rate: z.number().min(1).max(100).default(30).meta({ description: "Frames a second." }),
  count: z.int().min(0).default(3).meta({ description: "Frames." }),
  "scan.mode": z.enum(["a", "b"]).default("a").meta({ description: "Mode." }),
  device: z.string().default("x").meta({ description: "Device.", readOnly: true }),
});

describe("parameter services", () => {
  let node: FakeNode;
  let store: ParameterStore<typeof schema>;
  const ask = (service: string, request: Readonly<Record<string, unknown>>) =>
    node.request(`/cam/alice/${service}`, request);
  const set = (values: Readonly<Record<string, unknown>>, type: "double" | "string" | "bool" | "integer") =>
    Object.entries(values).map(([name, value]) => ({ name, value: toParameterValue(type, value as never) }));

  beforeEach(() => {
    node = fakeNode();
    store = new ParameterStore(schema);
    serveParameters(node.parts, "/cam/alice", () => store);
  });

  it("shows ranges, choices and what is read-only", async () => {
    const { descriptors } = await ask("describe_parameters", {
      names: ["rate", "count", "scan.mode", "device", "none"],
    });
    const [rate, count, mode, device, none] = descriptors as Record<string, unknown>[];
    expect(rate).to.include({ name: "rate", type: 3, description: "Frames a second.", read_only: false });
    expect(rate?.["floating_point_range"]).to.deep.equal([{ from_value: 1, to_value: 100, step: 0 }]);
    expect(count?.["integer_range"]).to.deep.equal([
      { from_value: 0n, to_value: BigInt(Number.MAX_SAFE_INTEGER), step: 0n },
    ]);
    expect(mode).to.include({ type: 4, additional_constraints: "one of a, b" });
    expect(device).to.include({ read_only: true });
    expect(none).to.include({ name: "none", type: 0 });
  });

  it("lists by prefix and depth", async () => {
    const all = { prefixes: [], depth: 0n };
    expect((await ask("list_parameters", all))["result"]).to.deep.equal({
      names: ["rate", "count", "scan.mode", "device", "use_sim_time"],
      prefixes: ["scan"],
    });
    const { result } = await ask("list_parameters", { prefixes: ["scan"], depth: 1n });
    expect(result).to.deep.equal({ names: ["scan.mode"], prefixes: ["scan"] });
    const shallow = (await ask("list_parameters", { prefixes: [], depth: 1n }))["result"];
    expect((shallow as { names: string[] }).names).to.not.include("scan.mode");
  });

  it("gives values and types, and tells what is not there", async () => {
    const names = ["rate", "none", "use_sim_time"];
    const { values } = await ask("get_parameters", { names });
    expect((values as { type: number }[]).map(({ type }) => type)).to.deep.equal([3, 0, 1]);
    expect((await ask("get_parameter_types", { names }))["types"]).to.deep.equal(new Uint8Array([3, 0, 1]));
  });

  it("sets each for itself, or all at once", async () => {
    const parameters = set({ rate: 50, count: 1.5 }, "double");
    const { results } = await ask("set_parameters", { parameters });
    expect((results as { successful: boolean }[]).map(({ successful }) => successful)).to.deep.equal([
      true,
      false,
    ]);
    expect(store.values).to.include({ rate: 50, count: 3 });
    const { result } = await ask("set_parameters_atomically", {
      parameters: set({ rate: 60, count: 1.5 }, "double"),
    });
    expect(result).to.have.property("successful", false);
    expect(store.values.rate).to.equal(50);
  });

  it("says what is wrong", async () => {
    const reasonOf = async (parameters: object[]) =>
      ((await ask("set_parameters_atomically", { parameters }))["result"] as { reason: string }).reason;
    expect(await reasonOf(set({ rate: 500 }, "double"))).to.match(/rate.*100/);
    expect(await reasonOf(set({ device: "y" }, "string"))).to.contain("read-only");
    expect(await reasonOf(set({ none: 1 }, "double"))).to.contain('"none"');
    expect(await reasonOf([{ name: "rate", value: toParameterValue("double", undefined) }])).to.contain(
      "deleted",
    );
    expect(await reasonOf(set({ use_sim_time: 1 }, "double"))).to.contain("boolean");
  });

  it("takes an integer for a double", async () => {
    await ask("set_parameters_atomically", { parameters: set({ rate: 5 }, "integer") });
    expect(store.values.rate).to.equal(5);
  });

  it("switches to simulated time", async () => {
    const parameters = set({ use_sim_time: true, rate: 7 }, "bool").map((each) =>
      each.name === "rate" ? { name: "rate", value: toParameterValue("double", 7) } : each,
    );
    expect((await ask("set_parameters_atomically", { parameters }))["result"]).to.have.property(
      "successful",
      true,
    );
    const { values } = await ask("get_parameters", { names: ["use_sim_time"] });
    expect((values as { bool_value: boolean }[])[0]?.bool_value).to.equal(true);
    expect(store.values.rate).to.equal(7);
  });

  it("tells the graph what was declared and what has changed", () => {
    const end = publishParameterEvents(node.parts, "/cam/alice", store);
    store.set({ rate: 50 });
    store.set({ rate: 500 });
    end();
    store.set({ rate: 60 });
    const names = (field: string) =>
      node.published.map((event) => (event[field] as { name: string }[]).map(({ name }) => name));
    expect(names("new_parameters")).to.deep.equal([["rate", "count", "scan.mode", "device"], []]);
    expect(names("changed_parameters")).to.deep.equal([[], ["rate"]]);
    expect(node.published[0]).to.deep.include({
      node: "/cam/alice",
      stamp: { sec: 1, nanosec: 500_000_000 },
    });
  });
});
