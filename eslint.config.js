// Lint rules, among them the layers of docs/architecture.md: an import that runs upward is an error.
import js from "@eslint/js";
import prettier from "eslint-config-prettier";
import tseslint from "typescript-eslint";

/** What each layer must not import. Patterns match the import specifier as written. */
const layers = {
  core: ["algorithms", "inference", "drivers", "ros", "io", "pipeline", "nodes", "evaluation", "cli"],
  algorithms: ["inference", "drivers", "ros", "io", "pipeline", "nodes", "evaluation", "cli"],
  inference: ["drivers", "ros", "pipeline", "nodes", "evaluation", "cli"],
  drivers: ["ros", "inference", "pipeline", "nodes", "evaluation", "cli"],
  ros: ["drivers", "inference", "pipeline", "nodes", "evaluation", "cli"],
  io: ["drivers", "ros", "pipeline", "nodes", "evaluation", "cli"],
  pipeline: ["nodes", "evaluation", "cli"],
  nodes: ["evaluation", "cli"],
  evaluation: ["ros", "nodes", "cli"],
};

/** Packages with a single importer, so that each can be replaced in one place. */
const soleImporter = {
  "onnxruntime-node": "src/inference/onnx.ts",
  rclnodejs: "src/ros/rclnodejs-adapter.ts",
  sharp: "src/io/picture.ts",
  vega: "src/evaluation/report/plot.ts",
  "vega-lite": "src/evaluation/report/plot.ts",
};

const restricted = (file, layer) => ({
  paths: Object.entries(soleImporter)
    .filter(([, sole]) => sole !== file)
    .map(([name, sole]) => ({ name, message: `Only ${sole} imports ${name}.` })),
  patterns: (layers[layer] ?? []).map((upper) => ({
    group: [`**/${upper}/**`],
    message: `${layer}/ must not import from ${upper}/ (docs/architecture.md, layers).`,
  })),
});

const pureAlgorithms = {
  files: ["src/algorithms/**/*.ts"],
  rules: {
    "no-restricted-properties": [
      "error",
      { object: "Math", property: "random", message: "Randomness is passed in (core/random.ts)." },
      { object: "Date", property: "now", message: "Time is passed in (core/clock.ts)." },
    ],
    "no-restricted-globals": ["error", "process", "setTimeout", "setInterval", "performance"],
  },
};

export default tseslint.config(
  { ignores: ["dist", "build", "coverage", "node_modules", "src/ros/messages.ts"] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ["eslint.config.js"] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true },
      ],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/consistent-type-imports": "error",
      eqeqeq: "error",
    },
  },
  ...Object.keys(layers).map((layer) => ({
    files: [`src/${layer}/**/*.ts`],
    rules: { "no-restricted-imports": ["error", restricted("", layer)] },
  })),
  ...Object.values(soleImporter).map((file) => ({
    files: [file],
    rules: { "no-restricted-imports": ["error", restricted(file, file.split("/")[1])] },
  })),
  pureAlgorithms,
  {
    // Loops over pixels: the index is in range by construction, and a check each would cost more than the arithmetic.
    files: ["src/dataset/**/*.ts", "src/evaluation/**/*.ts"],
    rules: { "@typescript-eslint/no-non-null-assertion": "off" },
  },
  {
    files: ["test/**/*.ts"],
    rules: {
      "@typescript-eslint/no-unused-expressions": "off",
      "@typescript-eslint/no-non-null-assertion": "off",
    },
  },
  { files: ["**/*.js"], ...tseslint.configs.disableTypeChecked },
  prettier,
);
