/** The typed facade of the C++ kernels (native/). */
export { toGray, toGrayF32 } from "./gray.ts";
