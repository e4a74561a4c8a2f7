import { defineCommand } from "@packages/cli-kit/command";
import { integer, option } from "@packages/cli-kit/values";

export const soak = defineCommand({
  name: "soak",
  summary:
    "Uses the local product for a while as viewers and creators do, and takes its servers away once each.",
  description: [
    "It starts the product with an account of its own, lists, watches, uploads, follows events and deletes. It stops",
    "PostgreSQL, Redis and the embedded AWS for a while, and kills a process of PostgreSQL, which restarts itself, and",
    "a processor, which its service replaces. npm start restarts no other server. Then it checks that nothing was lost",
    "that the API had accepted, that nothing was shown to those who may not see it or after its deletion, and that",
    "memory did not grow.",
  ].join("\n"),
  examples: ["", "--minutes 5"],
  options: {
    minutes: option(integer("MINUTES", { min: 2, max: 1_440 }), "duration of the load", { default: "30" }),
  },
  exitsWith1When: "something was lost, shown after its deletion, or answered wrongly, or memory grew",
  run: async ({ minutes }, context) => {
    const { soakProduct } = await import("./soak");
    return soakProduct({ minutes }, context);
  },
});
