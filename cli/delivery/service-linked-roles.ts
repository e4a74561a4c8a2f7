import { CreateServiceLinkedRoleCommand, IAMClient, type IAMClientConfig } from "@aws-sdk/client-iam";
import type { Steps } from "@packages/cli-kit/progress";

/**
 * Services that work in an account by a role of their own. AWS makes the role at the first use, but not in time: the first
 * service in a new account fails with "Unable to assume the service linked role".
 * https://github.com/hashicorp/terraform-provider-aws/issues/11417
 */
export const SERVICES_WITH_ROLES = [
  "ecs.amazonaws.com",
  "ecs.application-autoscaling.amazonaws.com",
  "elasticache.amazonaws.com",
  "elasticloadbalancing.amazonaws.com",
  "grafana.amazonaws.com",
  "rds.amazonaws.com",
];

/**
 * Creates the service-linked roles that the account lacks. They are of the account and outlive every environment, so no
 * Terraform state holds them: Terraform fails on those that are there. Throws what IAM answers.
 */
export async function createServiceLinkedRoles(config: IAMClientConfig, steps: Steps): Promise<void> {
  const client = new IAMClient(config);
  const created: string[] = [];
  try {
    await steps.run(
      "service-linked roles",
      async () => {
        for (const service of SERVICES_WITH_ROLES) if (await create(client, service)) created.push(service);
      },
      () => (created.length === 0 ? "all there" : `created for ${created.join(", ")}`),
    );
  } finally {
    client.destroy();
  }
}

/** Whether the role was created; false where the account has it. */
async function create(client: IAMClient, service: string): Promise<boolean> {
  try {
    await client.send(new CreateServiceLinkedRoleCommand({ AWSServiceName: service }));
    return true;
  } catch (error) {
    const { name, message } = error as Error;
    if (/^InvalidInput(Exception)?$/.test(name) && message.includes("has been taken in this account"))
      return false;
    throw error;
  }
}
