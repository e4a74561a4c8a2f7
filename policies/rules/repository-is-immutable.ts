import { each, unless } from "../rule";

export const repositoryIsImmutable = each("aws_ecr_repository", (repository) =>
  unless(
    repository.at("image_tag_mutability").text === "IMMUTABLE",
    "a tag can be moved to another image",
    'set imageTagMutability: "IMMUTABLE"',
  ),
);
