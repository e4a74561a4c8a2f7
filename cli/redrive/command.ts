import { defineCommand } from "@packages/cli-kit/command";
import { choice, flag, option, positional } from "@packages/cli-kit/values";
import { dryRun, environmentName, yes } from "../lib/environment";
import { REASON_KINDS, type ReasonKind } from "./reason-kinds";
import { reasonFilter } from "./select";

const kinds = Object.keys(REASON_KINDS) as ReasonKind[];

export const redrive = defineCommand({
  name: "redrive",
  summary:
    "Shows the dead letters of the media queue with their reasons; requeues or discards the ones you select.",
  description: [
    "Kinds of reasons:",
    ...Object.entries(REASON_KINDS).map(([kind, text]) => `  ${kind.padEnd(12)}${text}`),
    "",
    "Messages are saved to .local/redrive/ before they are moved or deleted. While this command reads them, other",
    "consumers can't see them, for at most 15 minutes.",
  ].join("\n"),
  examples: ["prod", "prod --kind attempts --redrive", 'prod --reason "/no streams/" --discard --dry-run'],
  positionals: { environment: positional(environmentName, "the environment") },
  options: {
    kind: option(choice("KIND", kinds), "select by kind of reason"),
    reason: option(
      { placeholder: "TEXT", allowed: "text, or /regular expression/", read: reasonFilter },
      "select by text in the reason, case-insensitive; /TEXT/ is a regular expression",
    ),
    redrive: flag("requeue the selected messages in the media queue"),
    discard: flag("delete the selected messages"),
    dryRun,
    yes,
  },
  onSignal: "messages become visible to other consumers within 15 minutes",
  check: ({ redrive, discard }) =>
    redrive && discard ? "--redrive and --discard can't be combined" : undefined,
  run: async ({ environment, kind, reason, redrive, discard, dryRun }, context) => {
    const { redriveEnvironment } = await import("./look");
    const action = redrive ? "redrive" : discard ? "discard" : undefined;
    const selection = { kind, matches: reason ?? (() => true) };
    await redriveEnvironment({ environment, selection, action, dryRun }, context);
  },
});
