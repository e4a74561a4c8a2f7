import { defineCommand } from "@packages/cli-kit/command";
import { flag, positional } from "@packages/cli-kit/values";
import { anyEnvironmentName, dryRun, yes } from "../lib/environment";

export const playbackKey = defineCommand({
  name: "playback-key",
  summary: "Makes a playback key pair, stores its private key after a deployment, and rotates it.",
  description: [
    "It does the next step of these, and says what follows:",
    "  1. With the sample key in the settings, or with --rotate: makes a pair, writes the public key to",
    "     stacks/environments.ts and the private key to .local/playback-keys/.",
    "  2. After npm run deploy: stores the private keys in the stack's secret and deletes their files. The last key of the",
    "     settings signs. Private keys whose public key is not deployed any more are removed.",
    "  3. After a rotation, seven hours and five minutes later: remove the old key from the settings, deploy, and run it again.",
    "Private keys are never printed.",
  ].join("\n"),
  examples: ["dev", "dev --rotate"],
  positionals: { environment: positional(anyEnvironmentName, "the environment") },
  options: { rotate: flag("make another pair beside the present one"), dryRun, yes },
  run: async (input, context) => (await import("./run")).runPlaybackKey(input, context),
});
