import type { Resource, Stack } from "@packages/terraform/synthesized-stack";
import { defineRule, each } from "../rule";

/** Id of the user that AWS puts into every account: it needs no login and may do everything. */
const AWS_DEFAULT_USER = "default";

/** Whether clients can be this user without login. */
function isOpen(user: Resource): boolean {
  const mode = user.at("authentication_mode.type").text;
  const needsNoLogin = user.at("no_password_required").isTrue || mode === "no-password-required";
  return needsNoLogin && !/^off\b/.test(user.at("access_string").text);
}

/** Members of a user group that need no login. */
function openMembers(group: Resource, stack: Stack): string[] {
  return group.at("user_ids").texts.filter((id) => {
    const user = stack.meant("aws_elasticache_user", id);
    return user === undefined ? id === AWS_DEFAULT_USER : isOpen(user);
  });
}

export const cacheRequiresLogin = defineRule({
  id: "cache-requires-login",
  sentence: "A cache has user groups, in which every active user must log in.",
  source: "https://docs.aws.amazon.com/securityhub/latest/userguide/elasticache-controls.html#elasticache-6",
  settings: ["cache.authentication"],
  find: each("aws_elasticache_replication_group", (cache, stack) => {
    const groups = cache.at("user_group_ids").texts;
    if (groups.length === 0) {
      return {
        finding: "clients need no login",
        remedy: 'set cache.authentication to "iam"',
      };
    }
    const open = groups
      .flatMap((id) => stack.meant("aws_elasticache_user_group", id) ?? [])
      .flatMap((group) => openMembers(group, stack));
    return open.length === 0
      ? undefined
      : {
          finding: `clients can be a user without login: ${open.join(", ")}`,
          remedy: 'set cache.authentication to "iam", whose users log in or are disabled',
        };
  }),
});
