import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { environments } from "../../stacks/environments";
import { documents } from "./documents";
import { readStacks } from "./synthesized";

const root = resolve(__dirname, "../..");

async function main(): Promise<void> {
  for (const [file, text] of Object.entries(
    await documents(readStacks(join(root, "cdktf.out")), environments),
  )) {
    writeFileSync(join(root, "docs", file), text);
    console.log(`docs/${file}: ${text.split("\n").length} lines`);
  }
}

void main();
