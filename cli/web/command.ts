import { join } from "node:path";
import { defineCommand } from "@packages/cli-kit/command";
import { projectFolder } from "@packages/cli-kit/paths";
import { matching, option } from "@packages/cli-kit/values";

export const buildWeb = defineCommand({
  name: "build:web",
  summary: "Bundles the console into web/dist.",
  examples: ["", "--assets console"],
  options: {
    assets: option(
      matching("FOLDER", /^[\w-]+(\/[\w-]+)*$/, "a path such as static/console"),
      "path of scripts and styles below the public URL: CloudFront serves static/console from the static " +
        "bucket; Amplify's own builds use console",
      { default: "static/console" },
    ),
  },
  run: async ({ assets }, { print }) => {
    const { buildConsole, writeConsole } = await import("./build");
    const folder = join(projectFolder, "web/dist");
    for (const path of writeConsole(await buildConsole(assets), folder)) print(`web/dist/${path}`);
  },
});
