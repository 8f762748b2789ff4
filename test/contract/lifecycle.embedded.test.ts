import { EmbeddedGraph } from "../../src/ros/embedded-graph.ts";
import { lifecycleContract } from "./lifecycle.ts";

lifecycleContract("embedded graph", () => Promise.resolve(new EmbeddedGraph({ sink: () => undefined })));
