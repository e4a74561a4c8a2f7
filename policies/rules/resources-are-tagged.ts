import type { Rule } from "../rule";

const REQUIRED_TAGS = ["Project", "Environment", "ManagedBy", "Repository"];

export const resourcesAreTagged: Rule = (stack) =>
  stack.providers.flatMap((provider) => {
    const missing = REQUIRED_TAGS.filter((tag) => provider.at("default_tags.tags").at(tag).text === "");
    const alias = provider.at("alias").text;
    return missing.length === 0
      ? []
      : [
          {
            address: alias === "" ? "provider.aws" : `provider.aws.${alias}`,
            path: stack.name,
            finding: `gives its resources no ${missing.join(", ")}`,
            remedy: "add the tags to defaultTags of the provider",
          },
        ];
  });
