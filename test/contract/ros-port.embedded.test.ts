import { EmbeddedGraph } from "../../src/ros/embedded-graph.ts";
import { rosPortContract } from "./ros-port.ts";

rosPortContract("embedded graph", () => Promise.resolve(new EmbeddedGraph({ sink: () => undefined })));
