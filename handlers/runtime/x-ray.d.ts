declare module "aws-xray-sdk-core/dist/lib/env/aws_lambda" {
  /** Makes each invocation's segment current for subsegments. */
  export function init(): void;
}
