import { defineCommand } from "@packages/cli-kit/command";
import { flag, option, path, positional } from "@packages/cli-kit/values";
import { anyEnvironmentName } from "../lib/environment";

export const image = defineCommand({
  name: "image",
  summary: "Builds the processor's image and pushes it to an environment, unless its registry has it.",
  description: [
    "Uses docker (with buildx), podman or buildah, whichever is there. On x86, building for arm64 needs QEMU.",
    "The tag is a digest of the program, the Dockerfile and RDS's certificates: npm run synth writes the same tag into the",
    "task definition. The layout of an earlier build is pushed again unchanged, so that every environment has the same",
    "digest.",
  ].join("\n"),
  examples: ["dev", "prod --layout .local/image/oci"],
  positionals: { environment: positional(anyEnvironmentName, "the environment") },
  options: {
    layout: option(path("FOLDER"), "OCI image layout: built there if it has no image of this tag", {
      default: ".local/image/oci",
    }),
    buildOnly: flag("build into --layout, and push nothing"),
  },
  run: async (input, context) => (await import("./run")).runImage(input, context),
});
