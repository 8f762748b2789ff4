#!/usr/bin/env node
/** The command line `intelligent-autofocus`. Each command is one file in commands/. */
import { Command, CommanderError } from "commander";
import { calibrateCommand } from "./commands/calibrate.ts";
import { datasetCommand } from "./commands/dataset.ts";
import { demoCommand } from "./commands/demo.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { estimateCommand } from "./commands/estimate.ts";
import { evaluateCommand } from "./commands/evaluate.ts";
import { filmCommand } from "./commands/film.ts";
import { focusCommand } from "./commands/focus.ts";
import { fuseCommand } from "./commands/fuse.ts";
import { nodeCommand } from "./commands/node.ts";
import { simulateCommand } from "./commands/simulate.ts";
import { stackCommand } from "./commands/stack.ts";
import { EXIT, report, watchOutput } from "./context.ts";

watchOutput();

const program = new Command("intelligent-autofocus")
  .description("Learned autofocus and all-in-focus imaging for cameras with a focus motor")
  .version("0.1.0")
  .showHelpAfterError()
  .exitOverride();

const commands = [
  calibrateCommand(),
  datasetCommand(),
  demoCommand(),
  filmCommand(),
  estimateCommand(),
  evaluateCommand(),
  simulateCommand(),
  focusCommand(),
  fuseCommand(),
  stackCommand(),
  nodeCommand(),
  doctorCommand(),
];
for (const command of commands) program.addCommand(command.copyInheritedSettings(program));

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  else process.exitCode = report(error);
}
