import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { ERROR_CODES } from "../../../src/core/errors.ts";
import { AutofocusStateMsg, DEFINITIONS, ErrorCodeMsg, FocusGoalMsg } from "../../../src/ros/messages.ts";
import { generateMessages, OUTPUT } from "../../../tools/generate-messages.ts";

const root = join(import.meta.dirname, "../../..");

/** https://docs.python.org/3/reference/lexical_analysis.html#keywords; fields of these names break the ros2 tools. */
const PYTHON_KEYWORDS =
  "False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield".split(
    " ",
  );

describe("generated messages", () => {
  it("are those of the files in msg/, srv/ and action/ (else: npm run generate)", async () => {
    expect(readFileSync(join(root, OUTPUT), "utf8")).to.equal(await generateMessages(root));
  });

  it("give every error code of the library its number", () => {
    const numbers = Object.entries(ERROR_CODES).map(([name, number]) => [name.toUpperCase(), number]);
    expect(ErrorCodeMsg).to.deep.equal(Object.fromEntries(numbers));
  });

  it("carry constants and defaults", () => {
    expect(AutofocusStateMsg.STATE_FAILED).to.equal(3);
    expect(FocusGoalMsg.WINDOWS_FARTHEST).to.equal(3);
    expect(DEFINITIONS["geometry_msgs/Quaternion"]?.map(({ default: value }) => value)).to.deep.equal([
      0, 0, 0, 1,
    ]);
    expect(DEFINITIONS["sensor_msgs/CameraInfo"]?.find(({ name }) => name === "k")?.length).to.equal(9);
  });

  it("name no field like a keyword of Python", () => {
    const names = Object.values(DEFINITIONS).flatMap((fields) => fields.map(({ name }) => name));
    expect(names.filter((name) => PYTHON_KEYWORDS.includes(name))).to.deep.equal([]);
  });

  it("have a meaning or a unit in a comment for every field of this package", () => {
    const folders = ["msg", "srv", "action"].map((folder) => join(root, folder));
    const files = folders.flatMap((folder) => readdirSync(folder).map((file) => join(folder, file)));
    const plain = files.flatMap((file) =>
      readFileSync(file, "utf8")
        .split("\n")
        .filter((line) => /^float\d+(\[\])? /.test(line) && !line.includes("#"))
        .map((line) => `${file}: ${line}`),
    );
    expect(plain).to.deep.equal([]);
  });
});
