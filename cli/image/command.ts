import { defineCommand } from "@packages/cli-kit/command";
import { optionalPositional, text } from "@packages/cli-kit/values";

export const buildProcessor = defineCommand({
  name: "build:processor",
  summary: "Bundles the processor for its image.",
  examples: ["", "/app"],
  positionals: {
    folder: optionalPositional(text("FOLDER", "a path"), "output folder", {
      default: ".local/image",
    }),
  },
  run: async ({ folder }, { print }) => {
    const { bundleProcessor } = await import("../../stacks/constructs/compute/program-files");
    bundleProcessor(folder).forEach((file) => print(file));
  },
});
