/**
 * Writes config/sros2/policy.xml: what SROS 2 has to allow the nodes.
 *
 *     npm run generate
 */
import { writeFileSync } from "node:fs";
import { graphUse } from "./sros2/graph-use.ts";
import { policyDocument } from "./sros2/policy.ts";

writeFileSync("config/sros2/policy.xml", policyDocument(await graphUse()));
