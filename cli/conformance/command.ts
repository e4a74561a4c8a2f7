import { defineCommand } from "@packages/cli-kit/command";
import { integer, matching, option, path, positional, text } from "@packages/cli-kit/values";
import { environmentName, yes } from "../lib/environment";

export const conformance = defineCommand({
  name: "conformance",
  summary:
    "Applies an environment to another AWS as far as it goes, plans again, destroys, and reports each resource.",
  description: [
    "Another AWS is an emulator at a URL, or an account of your own that may be charged. There the environment is called",
    '"conform", so that nothing of another environment is touched; an account of stacks/environments.ts is refused.',
    "The report says for each resource whether it was applied, refused and why, would change again, or was left behind.",
  ].join("\n"),
  examples: [
    "dev --endpoint http://127.0.0.1:4566",
    "dev --profile sandbox --max-usd-per-day 10",
    "dev --endpoint http://127.0.0.1:4566 --compare .local/conformance/report.json",
  ],
  positionals: { environment: positional(environmentName, "the environment whose settings are tried") },
  options: {
    endpoint: option(matching("URL", /^https?:\/\/\S+$/, "an http or https URL"), "an emulator of AWS"),
    profile: option(text("NAME"), "a profile of ~/.aws/config, of a sandbox account"),
    maxUsdPerDay: option(
      integer("USD", { min: 1, max: 1_000 }),
      "refuse an account where the idle environment costs more a day, at list prices",
      { default: "10" },
    ),
    report: option(path("FILE"), "where the report is written, as JSON", {
      default: ".local/conformance/report.json",
    }),
    compare: option(path("FILE"), "an earlier report: print where the two differ"),
    yes,
  },
  exitsWith1When: "a resource was refused, would change again, or was left behind",
  run: async (input, context) => (await import("./run")).runConformance(input, context),
});
