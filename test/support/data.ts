/**
 * Real pictures that are not part of the repository: a folder beside it, or where AUTOFOCUS_TEST_DATA points. A test
 * that needs them is reported as not run where they are missing.
 */
import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Context } from "mocha";

const ROOT =
  process.env["AUTOFOCUS_TEST_DATA"] ?? fileURLToPath(new URL("../../../shared/data", import.meta.url));

/** The path of a part of the data; ends the test as not run where it is missing. */
export function realData(test: Context, ...parts: string[]): string {
  const file = path.join(ROOT, ...parts);
  if (!existsSync(file)) {
    console.warn(`      not run: there is no ${parts.join("/")} in ${ROOT}; set AUTOFOCUS_TEST_DATA`);
    test.skip();
  }
  return file;
}
