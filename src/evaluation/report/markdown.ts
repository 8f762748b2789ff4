/** A report as Markdown. */
import type { PartReport, Section, Table } from "./document.ts";
import type { Provenance } from "./provenance.ts";

/** @param pictureOf the name of the file of a plot, relative to the document. */
export function toMarkdown(
  report: PartReport,
  provenance: Provenance,
  pictureOf: (plot: string) => string,
): string {
  const { machine, date, command, networks } = provenance;
  const head = [
    `# ${report.title}`,
    report.introduction,
    `Made on ${date} on ${machine} by`,
    `\`\`\`sh\n${command}\n\`\`\``,
    `with the networks ${networks.map(({ name, sha256 }) => `\`${name}\` (${sha256.slice(0, 8)})`).join(", ")}.`,
  ];
  const body = report.sections.flatMap((section) => sectionLines(section, pictureOf));
  return `${[...head, ...body].join("\n\n")}\n`;
}

function sectionLines(
  { heading, text, tables = [], plots = [] }: Section,
  pictureOf: (plot: string) => string,
): string[] {
  return [
    `## ${heading}`,
    ...(text === undefined ? [] : [text]),
    ...tables.map(tableMarkdown),
    ...plots.map(({ name, caption }) => `![${caption}](${pictureOf(name)})\n\n*${caption}*`),
  ];
}

export function tableMarkdown({ columns, rows }: Table): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const body = rows.map((row) => line(row.map((cell) => escape(cell === null ? "-" : String(cell)))));
  return [line(columns.map(escape)), line(columns.map(() => "---")), ...body].join("\n");
}

function escape(cell: string): string {
  return cell.replaceAll("|", "\\|");
}
