import { defineCommand } from "@packages/cli-kit/command";
import { flag, option, positional, text } from "@packages/cli-kit/values";
import { outFolder, targetName } from "../lib/environment";

export const destroy = defineCommand({
  name: "destroy",
  summary: "Destroys an environment, or the foundation of an account that has no environment left.",
  description: [
    "Asks for the environment's name before each step: lowers the protection (if protect is true), plans and destroys",
    "everything, then looks for what the state does not hold: snapshots and instances that backup and restore kept.",
    "After a failure, run the same command again: it continues where it stopped.",
  ].join("\n"),
  examples: ["dev", "foundation-dev", "prod --confirm prod --unprotect --delete-backups"],
  positionals: { target: positional(targetName, "an environment, or the foundation of its account") },
  options: {
    confirm: option(text("NAME"), "types the name in advance, for scripts"),
    unprotect: flag("with --confirm: lower the protection of an environment whose setting protect is true"),
    deleteBackups: flag("with --confirm: also delete the database snapshots and instances that are left"),
    out: outFolder(".local/destroy"),
  },
  onSignal: "Terraform finishes the current resources and saves its state; a second Ctrl-C loses both",
  check: ({ confirm, unprotect, deleteBackups }) =>
    confirm === undefined && (unprotect || deleteBackups)
      ? "--unprotect and --delete-backups need --confirm NAME"
      : undefined,
  run: async (input, context) => (await import("./run")).runDestroy(input, context),
});
