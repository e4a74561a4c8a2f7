/** Availability zone letters by region (https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html). */
export const ZONE_LETTERS: Readonly<Record<string, string>> = {
  "us-east-1": "abcdef",
  "us-east-2": "abc",
  "us-west-1": "abc",
  "us-west-2": "abcd",
  "ca-central-1": "abd",
  "sa-east-1": "abc",
  "eu-central-1": "abc",
  "eu-west-1": "abc",
  "eu-west-2": "abc",
  "eu-west-3": "abc",
  "eu-north-1": "abc",
  "ap-northeast-1": "acd",
  "ap-south-1": "abc",
  "ap-southeast-1": "abc",
  "ap-southeast-2": "abc",
};

/**
 * Prefix lists of CloudFront's origin-facing addresses by region, the same in every account
 * (`com.amazonaws.global.cloudfront.origin-facing`). Listed here because a data source would call AWS in every plan.
 */
export const CLOUDFRONT_PREFIX_LISTS: Readonly<Record<string, string>> = {
  "us-east-1": "pl-3b927c52",
  "us-east-2": "pl-b6a144df",
  "us-west-1": "pl-4ea04527",
  "us-west-2": "pl-82a045eb",
  "ca-central-1": "pl-38a64351",
  "sa-east-1": "pl-5da64334",
  "eu-central-1": "pl-a3a144ca",
  "eu-west-1": "pl-4fa04526",
  "eu-west-2": "pl-93a247fa",
  "eu-west-3": "pl-75b1541c",
  "eu-north-1": "pl-fab65393",
  "ap-northeast-1": "pl-58a04531",
  "ap-south-1": "pl-9aa247f3",
  "ap-southeast-1": "pl-31a34658",
  "ap-southeast-2": "pl-b8a742d1",
};

/** Supported regions. */
export const REGIONS = Object.keys(ZONE_LETTERS);
