import { createSign, generateKeyPairSync } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Names in the subject of a run's token. */
export interface RunIdentity {
  /** Host name of Terraform Cloud, which is the issuer without `https://`. */
  readonly hostname: string;
  readonly organization: string;
  readonly project: string;
  readonly workspace: string;
  readonly phase: "plan" | "apply";
}

const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });

/**
 * The workload identity token of a run.
 * https://developer.hashicorp.com/terraform/cloud-docs/workspaces/dynamic-provider-credentials/workload-identity-tokens
 */
export function identityToken(
  { hostname, organization, project, workspace, phase }: RunIdentity,
  audience: string,
): string {
  const now = Math.floor(Date.now() / 1000);
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = {
    iss: `https://${hostname}`,
    aud: audience,
    sub: `organization:${organization}:project:${project}:workspace:${workspace}:run_phase:${phase}`,
    iat: now,
    nbf: now,
    exp: now + 3_600,
    terraform_organization_name: organization,
    terraform_project_name: project,
    terraform_workspace_name: workspace,
    terraform_run_phase: phase,
  };
  const signed = `${encode({ typ: "JWT", alg: "RS256" })}.${encode(claims)}`;
  const signature = createSign("RSA-SHA256").update(signed).sign(privateKey).toString("base64url");
  return `${signed}.${signature}`;
}

/**
 * What the workspace's variables for dynamic credentials give to a run: a role and a token.
 * https://developer.hashicorp.com/terraform/cloud-docs/workspaces/dynamic-provider-credentials/aws-configuration
 */
export function dynamicCredentials(
  variables: Readonly<Record<string, string>>,
  identity: RunIdentity,
  folder: string,
): Record<string, string> {
  if (variables.TFC_AWS_PROVIDER_AUTH !== "true") return {};
  const { TFC_AWS_WORKLOAD_IDENTITY_AUDIENCE: audience = "aws.workload.identity" } = variables;
  const role =
    variables[`TFC_AWS_${identity.phase.toUpperCase()}_ROLE_ARN`] ?? variables.TFC_AWS_RUN_ROLE_ARN;
  if (role === undefined) throw new Error("no role: set TFC_AWS_RUN_ROLE_ARN, or one for each phase");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${identity.phase}-token`);
  writeFileSync(file, identityToken(identity, audience));
  return { AWS_ROLE_ARN: role, AWS_WEB_IDENTITY_TOKEN_FILE: file };
}
