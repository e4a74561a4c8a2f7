import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { defineCommand } from "@packages/cli-kit/command";
import { projectFolder } from "@packages/cli-kit/paths";

export const openapi = defineCommand({
  name: "openapi",
  summary: "Generates the OpenAPI description and API Gateway's models from the request schemas.",
  examples: [""],
  run: async (_, { print }) => {
    const { documents } = await import("./documents");
    for (const [file, text] of Object.entries(documents())) {
      writeFileSync(join(projectFolder, file), text);
      print(file);
    }
  },
});
