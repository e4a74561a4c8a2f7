import { defineCommand } from "@packages/cli-kit/command";
import { flag, matching, option, optionalPositional } from "@packages/cli-kit/values";
import { environmentName, environmentNames } from "../lib/environment";

export const start = defineCommand({
  name: "start",
  summary: "Deploys an environment to an embedded AWS on this machine, and serves its API and console.",
  description: [
    "Ctrl-C stops it; the next npm start resumes from there. All files are in .local/, logs in",
    ".local/logs/.",
  ].join("\n"),
  examples: ["", "staging", "--once"],
  positionals: {
    environment: optionalPositional(environmentName, "the environment", {
      default: environmentNames.find((name) => name === "dev") ?? environmentNames[0] ?? "",
    }),
  },
  options: {
    once: flag("deploy, upload and play a video, destroy everything and exit"),
    fresh: flag("delete the AWS account and the database of earlier runs"),
    name: option(
      matching("NAME", /^[a-z][a-z0-9-]*$/, "lower-case letters, digits and hyphens, such as mine"),
      "name of this run; its files are in .local/NAME (default start, or once with --once)",
    ),
  },
  run: async ({ environment, once, fresh, name = once ? "once" : "start" }, context) => {
    const { start } = await import("./start");
    await start({ stack: `streamflow-${environment}`, once, fresh, name }, context);
  },
});
