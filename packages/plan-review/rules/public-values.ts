import type { Severity } from "../finding";
import { isOn } from "./attribute-rule";
import { areUnknown, containsWorld } from "./ranges";

/** A value of an attribute that makes a resource public, for all types that have such an attribute. */
export interface PublicValue {
  readonly types: readonly string[];
  readonly attributes: readonly string[];
  readonly severity: Severity;
  /** Which values, for the table of what is judged. */
  readonly values: string;
  /** Whether the value makes it public. */
  readonly isPublic: (value: unknown) => boolean;
  /** Continues the name of the resource: `has a public address`. */
  readonly text: string;
  /** Ordinary for a new resource. */
  readonly onUpdateOnly?: boolean;
}

const isYes = (value: unknown): boolean => isOn(value);
const isOneOf =
  (...words: readonly string[]) =>
  (value: unknown): boolean =>
    [value].flat().some((one) => words.some((word) => String(one).toLowerCase() === word.toLowerCase()));
const isWorld = (value: unknown): boolean => containsWorld([value].flat());
const isUnknownRange = (value: unknown): boolean => areUnknown([value].flat());

const AWS = ["aws_*"];
const GOOGLE = ["google_*"];
const AZURE = ["azurerm_*"];
const KUBERNETES = ["kubernetes_*"];

export const PUBLIC_VALUES: readonly PublicValue[] = [
  {
    types: AWS,
    attributes: ["publicly_accessible"],
    severity: "block",
    values: "true",
    isPublic: isYes,
    text: "has a public address",
  },
  {
    types: AWS,
    attributes: [
      "map_public_ip_on_launch",
      "associate_public_ip_address",
      "assign_public_ip",
      "auto_assign_public_ips",
    ],
    severity: "review",
    values: "true",
    isPublic: isYes,
    text: "gives public addresses",
  },
  {
    types: AWS,
    attributes: ["endpoint_public_access"],
    severity: "review",
    values: "true",
    isPublic: isYes,
    text: "has a public endpoint",
  },
  {
    types: ["aws_*", "google_*", "azurerm_*"],
    attributes: [
      "public_access_cidrs",
      "authorized_networks.value",
      "cidr_blocks.cidr_block",
      "authorized_ip_ranges",
      "allowed_ip_range.value",
      "allowlist_rules.cidr",
      "ip_rules",
      "ip_range_filter",
      "ip_restriction.ip_address",
      "source_ip_ranges",
      "load_balancer_source_ranges",
    ],
    severity: "block",
    values: "the internet",
    isPublic: isWorld,
    text: "lets in every address",
  },
  {
    types: ["aws_*", "google_*", "azurerm_*"],
    attributes: [
      "public_access_cidrs",
      "authorized_networks.value",
      "cidr_blocks.cidr_block",
      "authorized_ip_ranges",
    ],
    severity: "review",
    values: "known after apply",
    isPublic: isUnknownRange,
    text: "lets in addresses that are known only after apply",
  },
  {
    types: AWS,
    attributes: ["public_access.type"],
    severity: "block",
    values: "SERVICE_PROVIDED_EIPS",
    isPublic: isOneOf("SERVICE_PROVIDED_EIPS"),
    text: "has public brokers",
  },
  {
    types: ["aws_transfer_server", "aws_api_gateway_rest_api"],
    attributes: ["endpoint_type", "endpoint_configuration.types"],
    severity: "review",
    values: "PUBLIC, EDGE, REGIONAL",
    isPublic: isOneOf("PUBLIC", "EDGE", "REGIONAL"),
    text: "has a public endpoint",
    onUpdateOnly: true,
  },
  {
    types: ["aws_sagemaker_notebook_instance"],
    attributes: ["direct_internet_access"],
    severity: "review",
    values: "Enabled",
    isPublic: isOneOf("Enabled"),
    text: "has direct internet access",
  },
  {
    types: AWS,
    attributes: ["authorization_type", "authorization", "authentication_type", "auth_type"],
    severity: "block",
    values: "NONE",
    isPublic: isOneOf("NONE"),
    text: "needs no authorization",
  },
  {
    types: ["aws_appsync_graphql_api"],
    attributes: ["authentication_type"],
    severity: "review",
    values: "API_KEY",
    isPublic: isOneOf("API_KEY"),
    text: "lets in everyone with an API key",
  },
  {
    types: AWS,
    attributes: ["shared_accounts", "account_ids", "restorable_by_user_ids", "permissions.account_ids"],
    severity: "block",
    values: "all",
    isPublic: isOneOf("all"),
    text: "is shared with every AWS account",
  },
  {
    types: ["aws_ami_launch_permission"],
    attributes: ["group"],
    severity: "block",
    values: "all",
    isPublic: isOneOf("all"),
    text: "shares an image with every AWS account",
  },
  {
    types: [
      "aws_ami_launch_permission",
      "aws_snapshot_create_volume_permission",
      "aws_db_snapshot",
      "aws_db_cluster_snapshot",
      "aws_rds_*",
      "aws_neptune_cluster_snapshot",
    ],
    attributes: ["account_id", "organization_arn", "organizational_unit_arn", "shared_accounts"],
    severity: "review",
    values: "any",
    isPublic: isYes,
    text: "shares data with another account",
  },
  {
    types: ["aws_vpc_endpoint_service", "aws_vpc_endpoint_service_allowed_principal"],
    attributes: ["allowed_principals", "principal_arn"],
    severity: "block",
    values: "*",
    isPublic: isOneOf("*"),
    text: "lets every AWS account connect",
  },
  {
    types: ["aws_s3_bucket_acl", "aws_s3_bucket", "aws_s3_object"],
    attributes: ["acl"],
    severity: "block",
    values: "public-read, public-read-write, authenticated-read",
    isPublic: isOneOf("public-read", "public-read-write", "authenticated-read"),
    text: "has a public ACL",
  },
  {
    types: ["aws_s3_bucket_acl", "aws_s3_bucket"],
    attributes: ["grantee.uri", "grant.uri"],
    severity: "block",
    values: "AllUsers, AuthenticatedUsers",
    isPublic: (value) => /\/(?:AllUsers|AuthenticatedUsers)$/.test(String(value as string)),
    text: "grants access to everyone by an ACL",
  },
  {
    types: ["aws_s3_bucket_website_configuration", "aws_s3_bucket"],
    attributes: ["index_document.suffix", "website.index_document"],
    severity: "review",
    values: "any",
    isPublic: isYes,
    text: "serves a website",
  },
  {
    types: ["aws_opensearchserverless_security_policy"],
    attributes: ["policy.AllowFromPublic"],
    severity: "block",
    values: "true",
    isPublic: isYes,
    text: "lets in the internet",
  },
  {
    types: GOOGLE,
    attributes: ["ipv4_enabled", "enable_public_ip"],
    severity: "review",
    values: "true",
    isPublic: isYes,
    text: "has a public address",
  },
  {
    types: GOOGLE,
    attributes: ["ingress", "ingress_settings"],
    severity: "review",
    values: "INGRESS_TRAFFIC_ALL, ALLOW_ALL",
    isPublic: isOneOf("INGRESS_TRAFFIC_ALL", "ALLOW_ALL", "all"),
    text: "accepts requests from the internet",
  },
  {
    types: GOOGLE,
    attributes: ["access.special_group", "special_group", "entity", "role_entity"],
    severity: "block",
    values: "allUsers, allAuthenticatedUsers",
    isPublic: (value) => /all(?:Authenticated)?Users/i.test(JSON.stringify(value)),
    text: "grants access to everyone",
  },
  {
    types: GOOGLE,
    attributes: ["predefined_acl"],
    severity: "block",
    values: "publicRead, publicReadWrite, authenticatedRead",
    isPublic: isOneOf("publicRead", "publicReadWrite", "authenticatedRead"),
    text: "has a public ACL",
  },
  {
    types: GOOGLE,
    attributes: ["access_config.network_tier", "access_config.nat_ip"],
    severity: "review",
    values: "any",
    isPublic: isYes,
    text: "has a public address",
  },
  {
    types: AZURE,
    attributes: ["public_network_access_enabled", "public_network_enabled", "public_network_access"],
    severity: "review",
    values: "true, Enabled",
    isPublic: isYes,
    text: "is reachable from public networks",
  },
  {
    types: AZURE,
    attributes: ["allow_nested_items_to_be_public", "allow_blob_public_access", "anonymous_pull_enabled"],
    severity: "block",
    values: "true",
    isPublic: isYes,
    text: "allows anonymous reads",
  },
  {
    types: AZURE,
    attributes: ["container_access_type"],
    severity: "block",
    values: "blob, container",
    isPublic: isOneOf("blob", "container"),
    text: "can be read by everyone",
  },
  {
    types: AZURE,
    attributes: [
      "network_acls.default_action",
      "network_rules.default_action",
      "network_rule_set.default_action",
      "default_action",
      "ip_restriction_default_action",
      "scm_ip_restriction_default_action",
    ],
    severity: "block",
    values: "Allow",
    isPublic: isOneOf("Allow"),
    text: "lets in every network by default",
  },
  {
    types: AZURE,
    attributes: ["public_ip_address_id", "node_public_ip_enabled"],
    severity: "review",
    values: "any",
    isPublic: isYes,
    text: "has a public address",
  },
  {
    types: KUBERNETES,
    attributes: ["spec.type"],
    severity: "review",
    values: "LoadBalancer, NodePort",
    isPublic: isOneOf("LoadBalancer", "NodePort"),
    text: "is reachable from outside of the cluster",
  },
  {
    types: KUBERNETES,
    attributes: ["external_ips", "host_port"],
    severity: "review",
    values: "any",
    isPublic: isYes,
    text: "is reachable from outside of the cluster",
  },
];
