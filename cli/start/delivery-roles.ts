import { emulatorEnvironment, type AwsClientConfig } from "@packages/embedded-aws/client";
import { RoleCredentials } from "@packages/embedded-aws/lambda/credentials";
import { controlAsks } from "@packages/embedded-aws/permissions/control-call";
import { type DeniedCall, PermissionWatch } from "@packages/embedded-aws/permissions/watch";
import type { Stack } from "@packages/terraform/synthesized-stack";

export interface DeliveryRolesOptions {
  /** The foundation, which makes the roles. */
  readonly foundation: Stack;
  /** The environment, such as `dev`. */
  readonly environment: string;
  readonly aws: AwsClientConfig;
  readonly accountId: string;
  /** Markdown file of the roles' calls and permissions. */
  readonly report: string;
}

/**
 * Roles of the pipeline for planning and applying an environment. Terraform uses them on the emulator too: a missing
 * permission is found before the pipeline runs.
 */
export class DeliveryRoles {
  /** Evaluates the roles' calls with their policies. */
  readonly permissions: PermissionWatch;
  private readonly credentials: RoleCredentials;

  private constructor(
    private readonly options: DeliveryRolesOptions,
    private readonly arns: RoleArns,
  ) {
    const { aws, accountId, report } = options;
    this.credentials = new RoleCredentials(aws);
    this.permissions = new PermissionWatch({
      aws,
      accountId,
      asks: controlAsks,
      policyOf: deliveryPolicyOf,
      roles: () => Object.values(this.arns),
      file: report,
    });
  }

  /** Undefined where the foundation makes no roles for the environment. */
  static of(options: DeliveryRolesOptions): DeliveryRoles | undefined {
    const [plan, apply] = [arnOf("plan", options), arnOf("apply", options)];
    return plan && apply ? new DeliveryRoles(options, { plan, apply }) : undefined;
  }

  /** Variables by which Terraform reaches the emulator as the role. STS gives the credentials before the role is made. */
  async environmentOf(role: "plan" | "apply"): Promise<Record<string, string>> {
    const { aws } = this.options;
    const session = { role: this.arns[role], sessionName: role };
    const { accessKeyId, secretAccessKey, sessionToken } = await this.credentials.of(session);
    return {
      ...emulatorEnvironment(aws.endpoint, aws.region),
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken,
    };
  }
}

type RoleArns = Readonly<Record<"plan" | "apply", string>>;

function arnOf(
  role: keyof RoleArns,
  { foundation, environment, accountId }: DeliveryRolesOptions,
): string | undefined {
  const output = foundation.json.at(`output.${environment}_${role}_role.value`).text;
  const name = foundation.meant("aws_iam_role", output)?.at("name").text;
  return name === undefined ? undefined : `arn:aws:iam::${accountId}:role/${name}`;
}

/** Where the policy of one of the pipeline's roles is written that lacks a permission. */
export function deliveryPolicyOf({ role, action, why }: Pick<DeniedCall, "role" | "action" | "why">): string {
  const folder = "stacks/constructs/delivery";
  if (why.includes("boundary")) return `BOUNDARY_SERVICES in ${folder}/delivery-permissions.ts`;
  if (role.endsWith("-plan")) return `${folder}/plan-reads.ts`;
  return /^(apigateway|iam|kms|s3):/.test(action)
    ? `${folder}/delivery-permissions.ts`
    : `RECORDED_ACTIONS in ${folder}/recorded-actions.ts`;
}
