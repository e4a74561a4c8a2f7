import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { defineCommand } from "@packages/cli-kit/command";
import { projectFolder } from "@packages/cli-kit/paths";

export const openapi = defineCommand({
  name: "openapi",
  summary: "Writes the API's description and API Gateway's routes from the operations in handlers/media.",
  examples: [""],
  run: async (_, { print }) => {
    const { documents } = await import("./documents");
    for (const [file, text] of Object.entries(documents())) {
      writeFileSync(join(projectFolder, file), text);
      print(file);
    }
  },
});
