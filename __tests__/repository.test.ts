import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { environments } from "../stacks/environments";
import { expectNoFaults } from "./support/faults";

const ROOT = resolve(__dirname, "..");

function sources(folder: string): string[] {
  return readdirSync(join(ROOT, folder)).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(join(ROOT, path)).isDirectory()) return sources(path);
    return path.endsWith(".ts") ? [path] : [];
  });
}

/** `file:line` of each matching line. */
function lines(folders: string[], pattern: RegExp): string[] {
  return folders.flatMap(sources).flatMap((file) =>
    readFileSync(join(ROOT, file), "utf8")
      .split("\n")
      .flatMap((text, index) =>
        pattern.test(text) ? [`${relative(".", file)}:${index + 1}: ${text.trim()}`] : [],
      ),
  );
}

test("no construct depends on an environment's name", () => {
  const names = environments.map(({ name }) => name).join("|");
  const found = lines(["stacks/constructs"], new RegExp(`\\b(${names})\\b`));
  expectNoFaults(found.map((line) => `read a setting instead of an environment's name: ${line}`));
});

test("no deployed code refers to the emulator", () => {
  // In quotes, "local" is an execution mode of Terraform Cloud.
  const found = lines(["stacks", "handlers"], /(?<!["`])\blocal\b(?!["`])|\b(emulator|moto)\b/i);
  expectNoFaults(found.map((line) => `deployed code must not depend on the emulator: ${line}`));
});

test("packages contain nothing about this product", () => {
  const files = readdirSync(join(ROOT, "packages"), { recursive: true, encoding: "utf8" })
    .map((file) => join(ROOT, "packages", file))
    .filter((file) => statSync(file).isFile() && !file.includes("__pycache__"));
  expect(files.length).toBeGreaterThan(100);
  const found = files.filter((file) => /streamflow/i.test(readFileSync(file, "utf8")));
  expectNoFaults(found.map((file) => `${relative(ROOT, file)} must not mention StreamFlow`));
});
