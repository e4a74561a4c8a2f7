import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { documents } from "./documents";

const root = resolve(__dirname, "../..");
for (const [file, text] of Object.entries(documents())) {
  writeFileSync(join(root, file), text);
  console.log(file);
}
