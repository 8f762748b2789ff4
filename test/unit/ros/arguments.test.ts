import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { AutofocusError } from "../../../src/core/errors.ts";
import { matchesNode, nodeFromArguments, parseRosArguments } from "../../../src/ros/arguments.ts";
import { parseParameterFile } from "../../../src/ros/parameter-files.ts";

async function refusal(argv: string[]): Promise<AutofocusError> {
  try {
    await parseRosArguments(argv);
  } catch (error) {
    expect(error).to.be.instanceOf(AutofocusError);
    return error as AutofocusError;
  }
  throw new Error("Nothing was refused.");
}

describe("ROS arguments", () => {
  it("keeps what is not meant for ROS, before and after", async () => {
    const { rest } = await parseRosArguments(["a", "--ros-args", "-p", "x:=1", "--", "-p", "b"]);
    expect(rest).to.deep.equal(["a", "-p", "b"]);
  });

  it("reads values as YAML, also for one node", async () => {
    const { parameters } = await parseRosArguments([
      "--ros-args",
      "-p",
      "a:=1.5",
      "--param",
      "autofocus:b:=[1, 2]",
      "-p",
      "c.d:=a:=b",
      "-p",
      "e:=",
    ]);
    expect(parameters).to.deep.equal([
      { node: "/**", values: { a: 1.5 } },
      { node: "autofocus", values: { b: [1, 2] } },
      { node: "/**", values: { "c.d": "a:=b" } },
      { node: "/**", values: { e: "" } },
    ]);
  });

  it("hands logging and enclave flags on to rcl, and nothing else", async () => {
    const given = await parseRosArguments([
      "--ros-args",
      "--log-level",
      "debug",
      "-e",
      "/camera",
      "--disable-rosout-logs",
      "-p",
      "a:=1",
    ]);
    expect(given.rcl).to.deep.equal([
      "--ros-args",
      "--log-level",
      "debug",
      "--enclave",
      "/camera",
      "--disable-rosout-logs",
    ]);
    expect((await parseRosArguments(["x"])).rcl).to.deep.equal([]);
  });

  it("refuses what it cannot read", async () => {
    expect((await refusal(["--ros-args", "--wrong"])).message).to.contain('"--wrong"');
    expect((await refusal(["--ros-args", "-p"])).message).to.contain("-p needs a value");
    expect((await refusal(["--ros-args", "-p", "a=1"])).message).to.contain("name:=value");
    expect((await refusal(["--ros-args", "-r", "a:="])).code).to.equal("invalid_input");
    expect((await refusal(["--ros-args", "-p", "a:=[1"])).code).to.equal("invalid_parameter");
    expect((await refusal(["--ros-args", "--params-file", "/no/such.yaml"])).code).to.equal("io");
  });

  it("lets single values win over files, whatever their order", async () => {
    const directory = await mkdtemp(join(tmpdir(), "arguments-"));
    try {
      const path = join(directory, "a.yaml");
      await writeFile(path, "/**:\n  ros__parameters: {a: 1, b: 2}\n");
      const given = await parseRosArguments(["--ros-args", "-p", "a:=5", "--params-file", path]);
      expect(nodeFromArguments(given, "n").options.parameters).to.deep.equal({ a: 5, b: 2 });
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});

describe("the node that arguments describe", () => {
  it("takes name and namespace from the command line", async () => {
    const given = await parseRosArguments(["--ros-args", "-r", "__node:=af", "-r", "__ns:=/left"]);
    const { name, options } = nodeFromArguments(given, "autofocus", { namespace: "/camera" });
    expect([name, options.namespace]).to.deep.equal(["af", "/left"]);
  });

  it("keeps its name in a process with several nodes", async () => {
    const given = await parseRosArguments(["--ros-args", "-r", "__node:=all"]);
    expect(nodeFromArguments(given, "autofocus", {}, false).name).to.equal("autofocus");
  });

  it("takes the remappings and parameters meant for it", async () => {
    const given = await parseRosArguments([
      "--ros-args",
      "-r",
      "a:=b",
      "-r",
      "fusion:c:=d",
      "-p",
      "autofocus:x:=1",
      "-p",
      "fusion:x:=2",
    ]);
    const { options } = nodeFromArguments(given, "autofocus", { namespace: "/camera", parameters: { y: 3 } });
    expect(options.remaps).to.deep.equal([{ from: "a", to: "b" }]);
    expect(options.parameters).to.deep.equal({ x: 1, y: 3 });
  });
});

describe("node patterns of parameter files", () => {
  const cases: [string, string, boolean][] = [
    ["/**", "/camera/autofocus", true],
    ["/camera/autofocus", "/camera/autofocus", true],
    ["/camera/autofocus", "/left/autofocus", false],
    ["camera/autofocus", "/camera/autofocus", true],
    ["autofocus", "/camera/autofocus", true],
    ["autofocus", "/autofocus", true],
    ["/autofocus", "/camera/autofocus", false],
    ["/*/autofocus", "/camera/autofocus", true],
    ["/*/autofocus", "/autofocus", false],
    ["/**/autofocus", "/autofocus", true],
    ["/**/autofocus", "/robot/left/autofocus", true],
    ["/robot/**", "/robot/left/autofocus", true],
    ["/robot/**", "/camera/autofocus", false],
  ];
  for (const [pattern, node, expected] of cases)
    it(`${pattern} ${expected ? "stands" : "does not stand"} for ${node}`, () => {
      expect(matchesNode(pattern, node)).to.equal(expected);
    });
});

describe("parameter files", () => {
  it("joins nested namespaces and dotted names", () => {
    const text =
      "robot:\n  camera:\n    autofocus:\n      ros__parameters:\n        scan: {step: 20}\n        mode: auto\n";
    expect(parseParameterFile(text, "a.yaml")).to.deep.equal([
      { node: "/robot/camera/autofocus", values: { "scan.step": 20, mode: "auto" } },
    ]);
  });

  it("takes an empty file for no parameters", () => {
    expect(parseParameterFile("# nothing\n", "a.yaml")).to.deep.equal([]);
  });

  for (const [what, text] of [
    ["broken YAML", "a: [1"],
    ["a list", "- a"],
    ["a node without parameters", "autofocus:\n  search: learned\n"],
    ["parameters without a node", "ros__parameters:\n  a: 1\n"],
    ["parameters that are no mapping", "a:\n  ros__parameters: 5\n"],
  ] as const)
    it(`refuses ${what}, naming the file`, () => {
      expect(() => parseParameterFile(text, "a.yaml"))
        .to.throw(AutofocusError, "a.yaml")
        .with.property("code", "invalid_parameter");
    });
});
