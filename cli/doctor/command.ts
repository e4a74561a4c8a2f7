import { defineCommand } from "@packages/cli-kit/command";
import { positional } from "@packages/cli-kit/values";
import { anyEnvironmentName, outFolder } from "../lib/environment";

export const doctor = defineCommand({
  name: "doctor",
  summary: "Lists what an environment needs and has: one line each, with the command that mends it.",
  description:
    "Changes nothing. What can't be asked, for lack of a permission or in an emulator, is a line with a question mark, and\n" +
    "no fault.",
  examples: ["dev"],
  positionals: { environment: positional(anyEnvironmentName, "the environment") },
  options: { out: outFolder(".local/doctor") },
  exitsWith1When: "something is missing",
  run: async (input, context) => (await import("./run")).runDoctor(input, context),
});
