import { EcrLifecyclePolicy } from "@cdktf/provider-aws/lib/ecr-lifecycle-policy";
import { EcrRepository } from "@cdktf/provider-aws/lib/ecr-repository";
import { Construct } from "constructs";
import type { Permission } from "../../lib/permissions";
import { nameInFoundation } from "../../lib/pull-requests";

export interface ImageRepositoryProps {
  readonly environment: string;
  /** Terraform refuses to delete the repository. */
  readonly protect: boolean;
  /** ARN of the environment's customer managed key; undefined without one. */
  readonly kmsKey: string | undefined;
}

/**
 * The repository for an environment's processor images, in the account's foundation, so that the image is there before
 * the service: scanned, encrypted, with immutable tags; keeps the last 30.
 */
export class ImageRepository extends Construct {
  readonly name: string;

  constructor(scope: Construct, id: string, { environment, protect, kmsKey }: ImageRepositoryProps) {
    super(scope, id);
    const repository = new EcrRepository(this, "Default", {
      name: imageRepositoryName(environment),
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
    this.name = repository.name;
  }
}

/** Name of an environment's repository; pull requests share one. Its stack created it before the foundation did. */
export const imageRepositoryName = (environment: string): string =>
  `streamflow-${nameInFoundation(environment)}-processor-task-images`;

export interface ImagePlace {
  readonly account: string;
  readonly region: string;
  readonly environment: string;
}

/** URL of an environment's repository, without a tag. */
export const imageRepositoryUrl = ({ account, region, environment }: ImagePlace): string =>
  `${account}.dkr.ecr.${region}.amazonaws.com/${imageRepositoryName(environment)}`;

/** Permission to pull images of an environment. */
export function pullImages({ account, region, environment }: ImagePlace): Permission[] {
  return [
    {
      actions: ["ecr:GetAuthorizationToken"],
      resources: ["*"],
      reason: "the token is for the registry, which has no ARN",
    },
    {
      actions: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
      resources: [`arn:aws:ecr:${region}:${account}:repository/${imageRepositoryName(environment)}`],
    },
  ];
}
