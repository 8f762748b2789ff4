#!/usr/bin/env node
/** The command line `intelligent-autofocus`. Each command is one file in commands/. */
import { Command, CommanderError } from "commander";
import { EXIT, report, watchOutput } from "./context.ts";

watchOutput();

const program = new Command("intelligent-autofocus")
  .description("Learned autofocus and all-in-focus imaging for cameras with a focus motor")
  .version("0.1.0")
  .showHelpAfterError()
  .exitOverride();

/** By name. Only the one that is asked for is loaded, which is most of the time that a short command takes. */
const COMMANDS = new Map<string, () => Promise<Command>>(
  Object.entries({
    calibrate: async () => (await import("./commands/calibrate.ts")).calibrateCommand(),
    dataset: async () => (await import("./commands/dataset.ts")).datasetCommand(),
    demo: async () => (await import("./commands/demo.ts")).demoCommand(),
    film: async () => (await import("./commands/film.ts")).filmCommand(),
    estimate: async () => (await import("./commands/estimate.ts")).estimateCommand(),
    evaluate: async () => (await import("./commands/evaluate.ts")).evaluateCommand(),
    simulate: async () => (await import("./commands/simulate.ts")).simulateCommand(),
    focus: async () => (await import("./commands/focus.ts")).focusCommand(),
    fuse: async () => (await import("./commands/fuse.ts")).fuseCommand(),
    stack: async () => (await import("./commands/stack.ts")).stackCommand(),
    video: async () => (await import("./commands/video.ts")).videoCommand(),
    node: async () => (await import("./commands/node.ts")).nodeCommand(),
    doctor: async () => (await import("./commands/doctor.ts")).doctorCommand(),
  }),
);
const wanted = COMMANDS.get(process.argv[2] ?? "");
const loading = wanted === undefined ? [...COMMANDS.values()] : [wanted];
const commands = await Promise.all(loading.map((load) => load()));
for (const command of commands) program.addCommand(command.copyInheritedSettings(program));

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  else process.exitCode = report(error);
}
