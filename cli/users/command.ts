import { defineCommand } from "@packages/cli-kit/command";
import { choice, matching, optionalPositional, positional } from "@packages/cli-kit/values";
import { anyEnvironmentName, dryRun, yes } from "../lib/environment";

const EMAIL = matching("EMAIL", /^[^\s@]+@[^\s@]+\.[^\s@]+$/, "an e-mail address");

export const users = defineCommand({
  name: "users",
  summary: "Lists, invites and disables creators, the users of an environment's user pool.",
  description: [
    "invite: Cognito sends an e-mail with a temporary password, which is valid for 3 days. Inviting again sends another.",
    "disable: the creator can't sign in any more, and sessions end within an hour. Videos stay.",
    "enable: the opposite of disable.",
  ].join("\n"),
  examples: ["dev list", "dev invite you@example.com", "dev disable you@example.com --dry-run"],
  positionals: {
    environment: positional(anyEnvironmentName, "the environment"),
    action: positional(choice("ACTION", ["list", "invite", "disable", "enable"]), "what to do"),
    email: optionalPositional(EMAIL, "the creator, for every action but list"),
  },
  options: { dryRun, yes },
  check: ({ action, email }) => {
    if (action === "list") return email === undefined ? undefined : "list takes no e-mail address";
    return email === undefined ? `${action} needs an e-mail address` : undefined;
  },
  run: async (input, context) => (await import("./run")).runUsers(input, context),
});
