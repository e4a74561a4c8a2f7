import { createInterface } from "node:readline";
import { denialOf, type Question } from "./decision";

// Reads one question per line and writes one line of JSON per answer; ends with its input.
createInterface({ input: process.stdin }).on("line", (line) => {
  process.stdout.write(`${JSON.stringify({ denial: denialOf(JSON.parse(line) as Question) })}\n`);
});
