import { expect } from "chai";
import fc from "fast-check";
import { z } from "zod";
import { describeParameters, parameterTable } from "../../../src/ros/parameter-descriptors.ts";
import { ParameterStore } from "../../../src/ros/parameters.ts";

const schema = z.object({
  rate: z.number().min(1).max(100).default(30).meta({ description: "Frames a second." }),
  count: z.int().min(0).default(3).meta({ description: "Frames." }),
  "lens.name": z.string().default("x").meta({ description: "Lens | file.", readOnly: true }),
  mode: z.enum(["a", "b"]).default("a").meta({ description: "Mode." }),
  windows: z.array(z.int().min(0)).default([]).meta({ description: "Windows." }),
  on: z.boolean().default(true).meta({ description: "On." }),
});
const NAMES = Object.keys(schema.shape);

describe("parameters", () => {
  it("describe themselves", () => {
    expect(describeParameters(schema)).to.deep.equal([
      {
        name: "rate",
        type: "double",
        description: "Frames a second.",
        readOnly: false,
        default: 30,
        minimum: 1,
        maximum: 100,
      },
      { name: "count", type: "integer", description: "Frames.", readOnly: false, default: 3, minimum: 0 },
      { name: "lens.name", type: "string", description: "Lens | file.", readOnly: true, default: "x" },
      {
        name: "mode",
        type: "string",
        description: "Mode.",
        readOnly: false,
        default: "a",
        choices: ["a", "b"],
      },
      {
        name: "windows",
        type: "integer_array",
        description: "Windows.",
        readOnly: false,
        default: [],
        minimum: 0,
      },
      { name: "on", type: "bool", description: "On.", readOnly: false, default: true },
    ]);
  });

  it("print the table of the docs", () => {
    const lines = parameterTable(schema).split("\n");
    expect(lines[0]).to.equal("| name | type | default | allowed | set | meaning |");
    expect(lines[2]).to.equal("| `rate` | double | `30` | 1 .. 100 | any time | Frames a second. |");
    expect(lines[4]).to.equal('| `lens.name` | string | `"x"` |  | at start | Lens \\| file. |');
    expect(lines[5]).to.include("`a`, `b`");
  });

  it("refuse a schema without default or description", () => {
    for (const entry of [z.number().meta({ description: "x" }), z.number().default(1), z.date().optional()])
      expect(() => describeParameters(z.object({ entry }))).to.throw();
  });

  it("are never left half set, whatever is thrown at them", () => {
    const values = fc.dictionary(fc.oneof(fc.constantFrom(...NAMES), fc.string()), fc.anything(), {
      maxKeys: 4,
    });
    fc.assert(
      fc.property(values, (changes) => {
        const store = new ParameterStore(schema);
        const before = store.values;
        const { successful, reason } = store.set(changes);
        if (successful) {
          expect(Object.keys(changes).every((name) => NAMES.includes(name))).to.equal(true);
          expect(schema.safeParse(store.values).success).to.equal(true);
        } else {
          expect(store.values).to.equal(before);
          expect(reason).to.not.equal("");
        }
      }),
    );
  });

  it("take every set of good values", () => {
    const good = fc.record(
      {
        rate: fc.double({ min: 1, max: 100, noNaN: true }),
        count: fc.nat(),
        mode: fc.constantFrom("a", "b"),
        windows: fc.array(fc.nat()),
        on: fc.boolean(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(good, (changes) => {
        const store = new ParameterStore(schema);
        expect(store.set(changes)).to.deep.equal({ successful: true, reason: "" });
        expect(store.values).to.deep.include(changes);
      }),
    );
  });

  it("let a read-only parameter be set to what it is", () => {
    const store = new ParameterStore(schema, { "lens.name": "y" });
    expect(store.set({ "lens.name": "y", rate: 2 }).successful).to.equal(true);
    expect(store.set({ "lens.name": "z" }).reason).to.match(/read-only/);
  });

  it("tell nobody of a set that changes nothing", () => {
    const store = new ParameterStore(schema);
    let told = 0;
    store.values$.subscribe(() => told++);
    store.set({ rate: 30 });
    expect(told).to.equal(1);
  });

  it("name every value that is refused at start", () => {
    expect(() => new ParameterStore(schema, { rate: 0, mode: "c", nothing: 1 }))
      .to.throw(/nothing.*rate.*mode/)
      .with.property("code", "invalid_parameter");
  });
});
