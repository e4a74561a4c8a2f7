import { isEverybody } from "@packages/iam/document";
import { accountOf } from "@packages/iam/principals";
import type { Value } from "@packages/terraform/value";
import { type Grant, grant } from "../grant";
import { isPlaceholder } from "../placeholders";
import { letsTheWorldIn } from "../reach";

/** Reads the permissions of types that are not policy documents. */
export interface GrantReader {
  readonly types: readonly string[];
  /** Attributes that it reads. */
  readonly covers: readonly string[];
  readonly read: (values: Value, address: string) => Grant[];
}

interface Given {
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  readonly world?: boolean;
  readonly wide?: boolean;
  readonly condition?: unknown;
  readonly account?: string | undefined;
}

function given(address: string, { world = false, wide = false, account, ...right }: Given): Grant {
  const principal = isEverybody(right.principal) ? "anyone" : right.principal;
  return { ...grant({ ...right, principal, address }), world, wide, account };
}

/** Roles with full access, or with the right to grant it. */
const GOOGLE_ADMINISTRATORS =
  /^roles\/(?:owner|editor|iam\.securityAdmin|iam\.serviceAccountAdmin|iam\.organizationRoleAdmin|resourcemanager\.(?:organizationAdmin|projectIamAdmin|folderIamAdmin)|iam\.workloadIdentityPoolAdmin|[\w.]*\.?admin)$/;
const GOOGLE_EVERYONE = /^(?:allUsers|allAuthenticatedUsers)$/;
const AZURE_ADMINISTRATORS =
  /^(?:Owner|Contributor|User Access Administrator|Role Based Access Control Administrator|Key Vault Administrator|Azure Kubernetes Service RBAC Cluster Admin)$/i;
const KUBERNETES_EVERYONE = /^system:(?:anonymous|unauthenticated|authenticated)$/;

/** The member and role of a `google_*_iam_member`, `_binding` or `_policy`. */
function googleGrants(values: Value, address: string): Grant[] {
  const resource =
    resourceOf(values, [
      "bucket",
      "project",
      "folder",
      "org_id",
      "service",
      "name",
      "topic",
      "secret_id",
      "dataset_id",
    ]) || address;
  const bindings = values.at("policy_data").exists
    ? values.at("policy_data").json.at("bindings").list
    : [values];
  if (isPlaceholder(values.at("policy_data").raw)) {
    return [given(address, { principal: address, action: "roles known only after apply", resource })];
  }
  return bindings.flatMap((binding) => {
    const role = binding.at("role").text;
    const condition: unknown = binding.at("condition").list[0]?.raw;
    const members = [...binding.at("member").texts, ...binding.at("members").texts].filter(Boolean);
    return members.map((principal) =>
      given(address, {
        principal: GOOGLE_EVERYONE.test(principal) ? "*" : principal,
        action: role,
        resource,
        condition,
        world: GOOGLE_EVERYONE.test(principal),
        wide: isWideGoogle(address, role),
      }),
    );
  });
}

/** A primitive role on a project or above; `roles/storage.admin` on one bucket is not wide. */
function isWideGoogle(address: string, role: string): boolean {
  return (
    /(?:^|\.)google_(?:project|folder|organization)_iam/.test(address) && GOOGLE_ADMINISTRATORS.test(role)
  );
}

function resourceOf(values: Value, names: readonly string[]): string {
  return names.map((name) => values.at(name).text).find(Boolean) ?? "";
}

function azureGrants(values: Value, address: string): Grant[] {
  const action = values.at("role_definition_name").text || values.at("role_definition_id").text;
  const resource = values.at("scope").text;
  return [
    given(address, {
      principal: values.at("principal_id").text || address,
      action: action || "a role",
      resource,
      wide: AZURE_ADMINISTRATORS.test(action),
    }),
  ];
}

/** The actions of a custom role; `*` allows everything. */
function azureRole(values: Value, address: string): Grant[] {
  const resource = values.at("scope").text || address;
  return values
    .at("permissions")
    .list.flatMap((permission) => [...permission.at("actions").texts, ...permission.at("data_actions").texts])
    .map((action) =>
      given(address, {
        principal: `the role ${address}`,
        action,
        resource,
        wide:
          action === "*" || /^Microsoft\.Authorization\/(?:\*|roleAssignments\/(?:\*|write))$/i.test(action),
      }),
    );
}

function kubernetesBinding(values: Value, address: string): Grant[] {
  const role = values.at("role_ref.name").text;
  const namespace = values.at("metadata.namespace").text;
  return values.at("subject").list.map((subject) => {
    const principal = [subject.at("kind").text, subject.at("namespace").text, subject.at("name").text]
      .filter(Boolean)
      .join(" ");
    const isWorld = KUBERNETES_EVERYONE.test(subject.at("name").text);
    return given(address, {
      principal: isWorld ? "*" : principal,
      action: `the role ${role}`,
      resource: namespace === "" ? "the cluster" : `the namespace ${namespace}`,
      world: isWorld,
      wide: role === "cluster-admin",
    });
  });
}

function kubernetesRole(values: Value, address: string): Grant[] {
  return values.at("rule").list.flatMap((rule) => {
    const resources = [...rule.at("resources").texts, ...rule.at("non_resource_urls").texts];
    return rule.at("verbs").texts.flatMap((verb) =>
      resources.map((resource) =>
        given(address, {
          principal: `the role ${address}`,
          action: verb,
          resource,
          wide: verb === "*" && resource === "*",
        }),
      ),
    );
  });
}

/** A permission for another account or a service that AWS resources give with attributes. */
function permission(names: { principal: string; action: string; resource: string }) {
  return (values: Value, address: string): Grant[] => {
    const principal = values.at(names.principal).text;
    const organization = values.at("organization_id").text || values.at("condition.value").text;
    const condition =
      organization === "" ? undefined : { StringEquals: { "aws:PrincipalOrgID": organization } };
    const world =
      isEverybody(principal) &&
      (condition === undefined || letsTheWorldIn("*", []) === (organization === "*"));
    return [
      given(address, {
        principal,
        action: values.at(names.action).text || names.action,
        resource: values.at(names.resource).text || address,
        condition,
        world,
        account: accountOf(principal),
      }),
    ];
  };
}

const GOOGLE_ATTRIBUTES = [
  "member",
  "members",
  "role",
  "policy_data",
  "condition",
  "project",
  "folder",
  "org_id",
  "service",
  "topic",
  "dataset_id",
  "service_account_id",
];

export const GRANT_READERS: readonly GrantReader[] = [
  {
    types: ["google_*_iam_member", "google_*_iam_binding", "google_*_iam_policy"],
    covers: [
      ...GOOGLE_ATTRIBUTES,
      "condition.title",
      "condition.expression",
      "condition.description",
      "policy_data.bindings.role",
      "policy_data.bindings.members",
    ],
    read: googleGrants,
  },
  {
    types: [
      "azurerm_role_assignment",
      "azurerm_pim_active_role_assignment",
      "azurerm_pim_eligible_role_assignment",
    ],
    covers: [
      "role_definition_name",
      "role_definition_id",
      "scope",
      "principal_id",
      "principal_type",
      "condition",
      "condition_version",
      "skip_service_principal_aad_check",
    ],
    read: azureGrants,
  },
  {
    types: ["azurerm_role_definition"],
    covers: [
      "scope",
      "role_definition_id",
      "assignable_scopes",
      "permissions.actions",
      "permissions.not_actions",
      "permissions.data_actions",
      "permissions.not_data_actions",
    ],
    read: azureRole,
  },
  {
    types: ["google_project_iam_custom_role", "google_organization_iam_custom_role"],
    covers: ["permissions", "role_id", "stage", "org_id"],
    read: (values, address) =>
      values.at("permissions").texts.map((action) =>
        given(address, {
          principal: `the role ${address}`,
          action,
          resource: "*",
        }),
      ),
  },
  {
    types: ["aws_iam_openid_connect_provider", "aws_iam_saml_provider"],
    covers: ["url", "client_id_list"],
    read: (values, address) => [
      given(address, {
        principal: values.at("url").text || address,
        action: "iam:CreateIdentityProvider, to sign in to roles that trust it",
        resource: values.at("client_id_list").texts.join(", ") || "this account",
      }),
    ],
  },
  {
    types: [
      "kubernetes_role_binding",
      "kubernetes_role_binding_v1",
      "kubernetes_cluster_role_binding",
      "kubernetes_cluster_role_binding_v1",
    ],
    covers: [
      "role_ref.name",
      "role_ref.kind",
      "role_ref.api_group",
      "subject.name",
      "subject.kind",
      "subject.namespace",
      "subject.api_group",
    ],
    read: kubernetesBinding,
  },
  {
    types: ["kubernetes_role", "kubernetes_role_v1", "kubernetes_cluster_role", "kubernetes_cluster_role_v1"],
    covers: [
      "rule.verbs",
      "rule.resources",
      "rule.api_groups",
      "rule.non_resource_urls",
      "rule.resource_names",
    ],
    read: kubernetesRole,
  },
  {
    types: ["aws_cloudwatch_event_permission"],
    covers: ["principal", "action", "event_bus_name", "condition.key", "condition.type", "condition.value"],
    read: permission({ principal: "principal", action: "events:PutEvents", resource: "event_bus_name" }),
  },
  {
    types: ["aws_lambda_layer_version_permission"],
    covers: ["principal", "action", "layer_name", "version_number", "organization_id", "skip_destroy"],
    read: permission({ principal: "principal", action: "action", resource: "layer_name" }),
  },
  {
    types: ["aws_vpc_endpoint_service_allowed_principal"],
    covers: ["principal_arn", "vpc_endpoint_service_id"],
    read: permission({ principal: "principal_arn", action: "connect", resource: "vpc_endpoint_service_id" }),
  },
  {
    types: ["aws_ram_principal_association"],
    covers: ["principal", "resource_share_arn"],
    read: permission({
      principal: "principal",
      action: "use shared resources",
      resource: "resource_share_arn",
    }),
  },
  {
    types: ["aws_kms_grant"],
    covers: ["grantee_principal", "operations", "key_id", "constraints", "retiring_principal"],
    read: (values, address) =>
      values.at("operations").texts.map((operation) =>
        given(address, {
          principal: values.at("grantee_principal").text,
          action: `kms:${operation}`,
          resource: values.at("key_id").text,
          account: accountOf(values.at("grantee_principal").text),
        }),
      ),
  },
  {
    types: ["aws_iam_user_group_membership", "aws_iam_group_membership"],
    covers: ["groups", "group", "user", "users"],
    read: (values, address) =>
      [...values.at("groups").texts, ...values.at("group").texts].flatMap((group) =>
        [...values.at("user").texts, ...values.at("users").texts].map((user) =>
          given(address, {
            principal: user,
            action: "iam:AddUserToGroup, all permissions of the group",
            resource: group,
          }),
        ),
      ),
  },
  {
    types: ["aws_iam_access_key", "aws_iam_user_login_profile", "aws_iam_service_specific_credential"],
    covers: ["user", "status", "password_reset_required", "password_length", "service_name", "pgp_key"],
    read: (values, address) => [
      given(address, {
        principal: `whoever has ${address}`,
        action: "iam:CreateAccessKey, all permissions of the user",
        resource: values.at("user").text,
      }),
    ],
  },
  {
    types: ["aws_eks_access_policy_association"],
    covers: ["policy_arn", "principal_arn", "access_scope.type", "access_scope.namespaces"],
    read: (values, address) => [
      given(address, {
        principal: values.at("principal_arn").text,
        action: "all actions of a policy",
        resource: values.at("policy_arn").text,
        wide: /AmazonEKSClusterAdminPolicy$/.test(values.at("policy_arn").text),
      }),
    ],
  },
  {
    types: ["aws_ssoadmin_account_assignment"],
    covers: [
      "permission_set_arn",
      "principal_id",
      "principal_type",
      "target_id",
      "target_type",
      "instance_arn",
    ],
    read: (values, address) => [
      given(address, {
        principal: values.at("principal_id").text,
        action: "all actions of a permission set",
        resource: `${values.at("permission_set_arn").text} in ${values.at("target_id").text}`,
      }),
    ],
  },
];

/** The reader of a type; undefined if its permissions are policy documents, or if it has none. */
export function grantReader(type: string): GrantReader | undefined {
  return GRANT_READERS.find(({ types }) => types.some((pattern) => matches(pattern, type)));
}

/** `*` in a pattern matches any text. */
function matches(pattern: string, type: string): boolean {
  const [start = "", end] = pattern.split("*");
  return end === undefined ? type === pattern : type.startsWith(start) && type.endsWith(end);
}
