declare module "aws-xray-sdk-core/dist/lib/env/aws_lambda" {
  /** Makes the segment of each invocation the one that subsegments are added to. */
  export function init(): void;
}
