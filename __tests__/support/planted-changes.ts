import type { Change } from "./plans";
import type { Attributes } from "./synth";

/** Must not appear in a review. Joined here, so that secret scanners do not report this file. */
export const plantedSecrets = {
  githubToken: `ghp_${"k7Q2mZx9Lr4TvB8n".repeat(2)}WdY3`,
  accessKey: `AKIA${"QX7M4Z2LRT9VB8NK"}`,
  password: `${"Tr0ub4dor"}-${"correct-horse"}-91`,
} as const;

/** Minimum number of changes that `fourHundredChanges` makes. */
export const MANY = 400;

/** Changes that people make; Terraform plans each of them. */
export const plantedChanges = {
  nothing: {},
  databaseRenamed: {
    edit: ({ resource }) => (resource.aws_db_instance.database.identifier = "streamflow-staging-main"),
  },
  databaseConstructRenamed: {
    edit: (json) => renameResource(json, "aws_db_instance", "database", "primary"),
  },
  engineMajorVersion: {
    settings: (settings) => ({ ...settings, database: { ...settings.database, engineVersion: "18" } }),
  },
  instanceClass: {
    settings: (settings) => ({
      ...settings,
      database: { ...settings.database, instanceClass: "db.t4g.medium" },
    }),
  },
  queueDeleted: { edit: (json) => deleteResource(json, "aws_sqs_queue", "media_queue") },
  policyWidened: {
    edit: ({ resource }) => {
      const role = resource.aws_iam_role_policy.media_role_permissions;
      role.policy = role.policy.replace(
        /"Action" = \["rds-db:connect"\], "Resource" = \["[^"]*"\]/,
        '"Action" = ["*"], "Resource" = ["*"]',
      );
    },
  },
  openedToTheWorld: {
    edit: ({ resource }) => {
      resource.aws_vpc_security_group_ingress_rule.database_from_anywhere = {
        security_group_id: "${aws_security_group.database_security_group.id}",
        cidr_ipv4: "0.0.0.0/0",
        ip_protocol: "tcp",
        from_port: 5432,
        to_port: 5432,
      };
    },
  },
  firewallRuleRemoved: {
    settings: (settings) => ({
      ...settings,
      firewall: {
        ...settings.firewall,
        managedGroups: settings.firewall.managedGroups.filter((group) => group !== "knownBadInputs"),
      },
    }),
  },
  natModeChanged: {
    settings: (settings) => ({ ...settings, network: { ...settings.network, nat: "none" } }),
  },
  onlyCode: {
    edit: ({ resource }) => {
      const media = resource.aws_lambda_function.media;
      media.filename = media.filename.replace(/[0-9A-F]{32}/, "0123456789ABCDEF0123456789ABCDEF");
      media.source_code_hash = "3q2+7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    },
  },
  onlyTags: {
    edit: ({ provider }) => {
      // The setting would also change the links of alarms.
      for (const { default_tags: tags } of provider.aws) tags[0].tags.Repository = "streamflow/platform";
    },
  },
  secretInOutput: {
    edit: ({ output, resource }) => {
      output.deploy_token = { value: plantedSecrets.githubToken };
      output.console_secret = {
        value: "${aws_cognito_user_pool_client.users_console.client_secret}",
        sensitive: true,
      };
      Object.assign(resource.aws_lambda_function.media.environment.variables, {
        PARTNER_ACCESS_KEY: plantedSecrets.accessKey,
        PARTNER_PASSWORD: plantedSecrets.password,
      });
    },
  },
  fourHundredChanges: {
    edit: (json) => {
      rewrite(json.resource, (text) => text.replaceAll("streamflow-staging-", "streamflow-stage-"));
      for (let index = 0; index < 300; index++)
        json.resource.aws_sqs_queue[`partner_${index}`] = partnerQueue(index);
    },
  },
} as const satisfies Record<string, Change>;

export type PlantedChange = keyof typeof plantedChanges;

function partnerQueue(index: number): Attributes {
  const name = `streamflow-stage-partner-${index}`;
  const statement = {
    Effect: "Allow",
    Action: "sqs:SendMessage",
    Resource: `arn:aws:sqs:us-east-1:222222222222:${name}`,
    Principal: { AWS: `arn:aws:iam::222222222222:role/partner-${index}` },
  };
  const policy = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
  return { name, policy, message_retention_seconds: 345_600 + index, sqs_managed_sse_enabled: true };
}

/** Renames a resource and all references to it, like a changed construct id. */
function renameResource(json: Attributes, type: string, from: string, to: string): void {
  const resources = json.resource[type] as Attributes;
  resources[to] = resources[from];
  delete resources[from];
  rewrite(json, (text) => text.replace(new RegExp(`\\b${type}\\.${from}\\b`, "g"), `${type}.${to}`));
}

/** Deletes a resource; references to it remain. */
function deleteResource(json: Attributes, type: string, name: string): void {
  delete json.resource[type][name];
  for (const other of Object.values(json.resource as Attributes).flatMap((named) =>
    Object.values(named as Attributes),
  )) {
    const { depends_on: needed } = other as { depends_on?: string[] };
    if (needed) other.depends_on = needed.filter((address) => address !== `${type}.${name}`);
  }
  const gone = "arn:aws:sqs:us-east-1:222222222222:elsewhere";
  rewrite(json, (text) =>
    text
      .replace(new RegExp(`\\$\\{${type}\\.${name}\\.\\w+\\}`, "g"), gone)
      .replace(new RegExp(`\\b${type}\\.${name}\\.\\w+`, "g"), JSON.stringify(gone)),
  );
}

function rewrite(value: Attributes, change: (text: string) => string): void {
  for (const [key, member] of Object.entries(value)) {
    if (typeof member === "string") value[key] = change(member);
    else if (typeof member === "object" && member !== null) rewrite(member as Attributes, change);
  }
}
