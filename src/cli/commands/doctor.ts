/** `doctor`: what is there on this machine, what is not, and what to do about it. */
import { Command } from "commander";
import { EXIT, print, printJson } from "../context.ts";
import type { Finding } from "../doctor/check.ts";
import { examine } from "../doctor/checks.ts";

const MARKS: Readonly<Record<Finding["status"], string>> = { ok: "✔", missing: "–", broken: "✘" };

export function doctorCommand(): Command {
  return new Command("doctor")
    .description("check this installation: native kernels, networks, lens files, ROS 2, cameras")
    .option("--json", "print one machine-readable document")
    .action(async ({ json }: { json?: true }) => {
      const findings = await examine();
      const healthy = findings.every(({ status }) => status !== "broken");
      if (json === true) printJson({ healthy, findings });
      else report(findings, healthy);
      process.exitCode = healthy ? EXIT.ok : EXIT.failed;
    });
}

function report(findings: readonly Finding[], healthy: boolean): void {
  const width = Math.max(...findings.map(({ name }) => name.length));
  for (const { name, status, detail, cure } of findings) {
    print(`${MARKS[status]} ${name.padEnd(width)}  ${detail}`);
    if (cure !== undefined && status !== "ok") print(`  ${" ".repeat(width)}  → ${cure}`);
  }
  print();
  print(healthy ? "Ready." : "Something that every use needs is broken; see above.");
}
