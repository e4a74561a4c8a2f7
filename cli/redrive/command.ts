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
    "Messages are written to .local/redrive/ before they are moved or deleted. While they are read they are hidden from",
    "other consumers, for 15 minutes at most.",
  ].join("\n"),
  examples: ["prod", "prod --kind attempts --redrive", 'prod --reason "/no streams/" --discard --dry-run'],
  positionals: { environment: positional(environmentName, "the environment") },
  options: {
    kind: option(choice("KIND", kinds), "only those whose reason is of this kind"),
    reason: option(
      { placeholder: "TEXT", allowed: "a text, or /a regular expression/", read: reasonFilter },
      "only those whose reason has this text in it, in any case; /TEXT/ is a regular expression",
    ),
    redrive: flag("put the selected ones back into the media queue"),
    discard: flag("delete the selected ones"),
    dryRun,
    yes,
  },
  onSignal: "messages that were being read are visible again within 15 minutes",
  check: ({ redrive, discard }) =>
    redrive && discard ? "--redrive and --discard exclude each other" : undefined,
  run: async ({ environment, kind, reason, redrive, discard, dryRun }, context) => {
    const { redriveEnvironment } = await import("./look");
    const action = redrive ? "redrive" : discard ? "discard" : undefined;
    const selection = { kind, matches: reason ?? (() => true) };
    await redriveEnvironment({ environment, selection, action, dryRun }, context);
  },
});
