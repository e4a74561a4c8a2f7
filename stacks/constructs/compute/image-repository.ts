import { EcrLifecyclePolicy } from "@cdktf/provider-aws/lib/ecr-lifecycle-policy";
import { EcrRepository } from "@cdktf/provider-aws/lib/ecr-repository";
import { Construct } from "constructs";
import type { Permission } from "../../lib/permissions";
import { physicalName } from "../../lib/names";
import { encryptionKeyArn } from "../encryption/encryption-keys";

export interface ImageRepositoryProps {
  readonly protect: boolean;
}

/** A repository for container images: scanned, encrypted, with immutable tags; keeps the last 30. */
export class ImageRepository extends Construct {
  readonly url: string;
  readonly arn: string;

  constructor(scope: Construct, id: string, { protect }: ImageRepositoryProps) {
    super(scope, id);
    const kmsKey = encryptionKeyArn(this);
    const repository = new EcrRepository(this, "Default", {
      name: physicalName(this, "ECR repository"),
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfiguration: [
        kmsKey === undefined ? { encryptionType: "AES256" } : { encryptionType: "KMS", kmsKey },
      ],
      forceDelete: !protect,
      lifecycle: { preventDestroy: protect },
    });
    new EcrLifecyclePolicy(this, "lifecycle", {
      repository: repository.name,
      policy: JSON.stringify({
        rules: [
          {
            rulePriority: 1,
            description: "Keep the last 30 images",
            selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: 30 },
            action: { type: "expire" },
          },
        ],
      }),
    });
    this.url = repository.repositoryUrl;
    this.arn = repository.arn;
  }

  /** Permission to pull images. */
  pull(): Permission[] {
    return [
      {
        actions: ["ecr:GetAuthorizationToken"],
        resources: ["*"],
        reason: "the token is for the registry, which has no ARN",
      },
      {
        actions: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
        resources: [this.arn],
      },
    ];
  }
}
