/** The SROS 2 policy in the repository: what the nodes make on the graph today, and nobody more power than intended. */
import { expect } from "chai";
import { readFileSync } from "node:fs";
import { graphUse } from "../../../tools/sros2/graph-use.ts";
import { policyDocument } from "../../../tools/sros2/policy.ts";
import { rulesOf } from "../../support/sros2-policy.ts";

const FILE = "config/sros2/policy.xml";

describe("the SROS 2 policy", () => {
  const rules = rulesOf(readFileSync(FILE, "utf8"));
  const holders = (rule: string, name: string): readonly string[] =>
    [...rules].filter(([, allowed]) => allowed.has(`${rule} ${name}`)).map(([enclave]) => enclave);

  it("is what the nodes use; after a change: npm run generate", async () => {
    expect(readFileSync(FILE, "utf8")).to.equal(policyDocument(await graphUse()));
  }).timeout(60_000);

  it("lets nobody move the lens but those who focus, and people", () => {
    expect(holders("call", "/camera/lens/move")).to.have.members([
      "/camera/autofocus",
      "/camera/focus_strategy",
      "/camera/autofocus_container",
      "/camera/operator",
    ]);
    expect(holders("execute", "/camera/lens/move")).to.have.members([
      "/camera/motor_driver",
      "/camera/autofocus_container",
    ]);
  });

  it("lets nobody publish pictures but the camera, or the state of the lens but the motor", () => {
    for (const [topic, node] of [
      ["image_raw", "camera_driver"],
      ["frame_focus", "camera_driver"],
      ["lens/state", "motor_driver"],
      ["all_in_focus/image", "fusion"],
    ] as const)
      expect(holders("publish", `/camera/${topic}`), topic).to.have.members([
        `/camera/${node}`,
        "/camera/autofocus_container",
      ]);
  });

  it("gives the process of all nodes what each of them has, and no more", () => {
    const nodes = ["motor_driver", "camera_driver", "autofocus", "focus_strategy", "fusion"];
    const all = nodes.flatMap((node) => [...(rules.get(`/camera/${node}`) ?? [])]);
    expect([...(rules.get("/camera/autofocus_container") ?? [])]).to.have.members([...new Set(all)]);
  });

  it("lets people hear and call everything, but not pretend to be a node", () => {
    const operator = [...(rules.get("/camera/operator") ?? [])];
    expect(operator).to.include.members([
      "call /camera/autofocus/focus",
      "call /camera/focus_strategy/capture",
      "request /camera/autofocus/set_parameters",
      "request /camera/camera_driver/change_state",
      "subscribe /camera/image_raw",
    ]);
    expect(operator.filter((rule) => /^(publish|execute|reply) \/camera/.test(rule))).to.deep.equal([]);
  });
});
