import { each } from "../rule";

export const repositoryIsImmutable = each("aws_ecr_repository", (repository) =>
  repository.at("image_tag_mutability").text === "IMMUTABLE"
    ? undefined
    : { finding: "a tag can be moved to another image", remedy: 'set imageTagMutability: "IMMUTABLE"' },
);
