import { defineRule } from "../rule";

const REQUIRED_TAGS = ["Project", "Environment", "ManagedBy", "Repository"];

export const resourcesAreTagged = defineRule({
  id: "resources-are-tagged",
  sentence: "The provider's default tags are complete.",
  source: "https://docs.aws.amazon.com/whitepapers/latest/tagging-best-practices/tagging-best-practices.html",
  code: { "stacks/settings.ts": ["stackTags"] },
  find: (stack) =>
    stack.providers.flatMap((provider) => {
      const missing = REQUIRED_TAGS.filter((tag) => provider.at("default_tags.tags").at(tag).text === "");
      if (missing.length === 0) return [];
      const alias = provider.at("alias").text;
      return [
        {
          address: alias === "" ? "provider.aws" : `provider.aws.${alias}`,
          path: stack.name,
          finding: `the default tags lack ${missing.join(", ")}`,
          remedy: "pass the result of stackTags to the stack as its tags",
        },
      ];
    }),
});
