import { defineRule, each } from "../rule";

export const imageTagsAreImmutable = defineRule({
  id: "image-tags-are-immutable",
  sentence: "An image repository's tags are immutable.",
  source: "https://docs.aws.amazon.com/securityhub/latest/userguide/ecr-controls.html#ecr-2",
  code: { "stacks/constructs/compute/image-repository.ts": ["imageTagMutability"] },
  find: each("aws_ecr_repository", (repository) =>
    repository.at("image_tag_mutability").text === "IMMUTABLE"
      ? undefined
      : {
          finding: "a tag can be moved to another image",
          remedy: 'set imageTagMutability to "IMMUTABLE"',
        },
  ),
});
