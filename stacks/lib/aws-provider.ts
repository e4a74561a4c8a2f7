/** Which releases of Terraform's AWS provider the stacks are written for. */
export const AWS_PROVIDER = { source: "hashicorp/aws", version: ">= 5.100.0, < 7.0.0" } as const;
