import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { documents } from "./documents";
import { readStacks } from "./synthesized";

const root = resolve(__dirname, "../..");

for (const [file, text] of Object.entries(documents(readStacks(join(root, "cdktf.out"))))) {
  writeFileSync(join(root, "docs", file), text);
  console.log(`docs/${file}: ${text.split("\n").length} lines`);
}
