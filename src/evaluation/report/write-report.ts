/** Writes a report: `<part>.md` and its plots, `<part>-<plot>.svg`, beside it. */
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { AutofocusError } from "../../core/errors.ts";
import type { PartReport } from "./document.ts";
import { toMarkdown } from "./markdown.ts";
import { renderPlot } from "./plot.ts";
import type { Provenance } from "./provenance.ts";

/**
 * Plots of an earlier report that are no longer made are removed. Returns the path of the document.
 * @throws AutofocusError `io`.
 */
export async function writeReport(
  directory: string,
  part: string,
  report: PartReport,
  provenance: Provenance,
): Promise<string> {
  const pictureOf = (plot: string): string => `${part}-${plot}.svg`;
  const plots = await Promise.all(
    report.sections
      .flatMap((section) => section.plots ?? [])
      .map(async ({ name, spec }) => ({ file: pictureOf(name), svg: await renderPlot(spec) })),
  );
  const document = path.join(directory, `${part}.md`);
  try {
    await mkdir(directory, { recursive: true });
    const current = new Set(plots.map(({ file }) => file));
    for (const name of await readdir(directory))
      if (name.startsWith(`${part}-`) && name.endsWith(".svg") && !current.has(name))
        await rm(path.join(directory, name));
    for (const { file, svg } of plots) await writeFile(path.join(directory, file), svg);
    await writeFile(document, toMarkdown(report, provenance, pictureOf));
  } catch (cause) {
    throw new AutofocusError("io", `Cannot write the report ${document}.`, {
      cure: "Check that the folder may be written to and that the disk has room.",
      cause,
    });
  }
  return document;
}
