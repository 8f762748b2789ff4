/** Vega-Lite specifications as SVG. The only importer of `vega` and `vega-lite`, which load when the first plot is drawn. */
import type { TopLevelSpec } from "vega-lite";

export type PlotSpec = TopLevelSpec;

/** The SVG of a plot on white, the same for the same specification. @throws Error for a specification that is none. */
export async function renderPlot(spec: PlotSpec): Promise<string> {
  const [{ parse, View, Error: onlyErrors }, { compile }] = await Promise.all([
    import("vega"),
    import("vega-lite"),
  ]);
  const compiled = compile({ background: "white", ...spec }).spec;
  const view = new View(parse(compiled), { renderer: "none", logLevel: onlyErrors });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}
