import { group, oneOf, type Settings, trueOrFalse, wholeNumber } from "../../lib/schema";

const id = () => wholeNumber({ least: 1, why: "gh api repos/OWNER/NAME --jq '.owner.id, .id' prints both" });

/** GitHub ids, which stay the same when a name is released and reused. */
export const repositoryIdsSchema = group({
  /** GitHub id of the organization or user that owns the repository. */
  owner: id(),
  /** GitHub id of the repository. */
  repository: id(),
});

export type RepositoryIds = Settings<typeof repositoryIdsSchema>;

const ORIGINS = ["create", "existing"] as const;

/** Things of which an account can have one only, so that another team may have made them. */
export const accountWideSchema = group({
  /**
   * GitHub's OpenID Connect provider: the foundation creates it, or uses the one that the account has.
   * @risk A change from `create` to `existing` deletes it, unless `terraform state rm` removes it from the state first.
   */
  gitHubProvider: oneOf(ORIGINS),
  /**
   * Terraform Cloud's OpenID Connect provider, as `gitHubProvider`. Only where Terraform Cloud runs Terraform.
   * @default create
   * @risk As `gitHubProvider`.
   */
  terraformCloudProvider: oneOf(ORIGINS).optional(),
  /**
   * The role that API Gateway uses to write logs, one in each account and region. The foundation creates and sets it, or
   * leaves the one that is set.
   * @risk With `create`, the new role replaces the one that is set. APIs of other teams then use it too. A change
   * from `create` to `existing` deletes it, unless `terraform state rm` removes it from the state first.
   */
  apiGatewayLogRole: oneOf(ORIGINS),
});

export type AccountWideSettings = Settings<typeof accountWideSchema>;

export const stateAuditSchema = group({
  /** Days until records are deleted. */
  retentionDays: wholeNumber({ least: 1, most: 3_650, unit: "days" }),
  /**
   * Whether CloudTrail records each read and write with the session that made it, in addition to S3's access logs, which
   * are delivered with delay and without guarantee.
   * @cost $0.10 per 100 000 requests to the state bucket, of which a plan makes about 10.
   */
  dataEvents: trueOrFalse(),
});

export type StateAuditSettings = Settings<typeof stateAuditSchema>;

export const pullRequestsSchema = group({
  /**
   * How many environments of pull requests may exist at a time. Each takes a VPC, of which an account may have 5 in a
   * region by default, and 3 response headers policies, a key group and a public key of CloudFront, of which it may have 20,
   * 10 and 10. `npm run doctor` compares the quotas of VPCs and policies with what this number needs.
   * @cost About $70 per month for each while it exists.
   */
  most: wholeNumber({
    least: 1,
    most: 10,
    unit: "environments",
    why: "each takes a VPC, of which an account may have 5 in a region by default, and 3 response headers policies of CloudFront, of which it may have 20",
  }),
  /** Days after its last deployment until an environment is destroyed. */
  expireAfterDays: wholeNumber({ least: 1, most: 30, unit: "days" }),
});

export type PullRequestsSettings = Settings<typeof pullRequestsSchema>;
