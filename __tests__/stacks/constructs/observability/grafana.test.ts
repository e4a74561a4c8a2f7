import { Grafana } from "../../../../stacks/constructs/observability/grafana";
import type { GrafanaSettings } from "../../../../stacks/constructs/observability/settings";
import { synthOf } from "../../../support/synth";

const grafana = (settings: GrafanaSettings) =>
  synthOf((stack) => void new Grafana(stack, "grafana", settings));
const center = { kind: "identity-center", adminUsers: ["u"], adminGroups: ["g"] } as const;

test("with IAM Identity Center, the workspace has the configured administrators", () => {
  const stack = grafana(center);
  expect(stack.at("aws_grafana_workspace.grafana").authentication_providers).toEqual(["AWS_SSO"]);
  expect(stack.at("aws_grafana_role_association.grafana_admins")).toMatchObject({
    role: "ADMIN",
    user_ids: ["u"],
    group_ids: ["g"],
    workspace_id: "${aws_grafana_workspace.grafana.id}",
  });
  expect(stack.of("aws_grafana_workspace_saml_configuration")).toEqual([]);
});

test("administrators can be groups only", () => {
  const association = grafana({ ...center, adminUsers: [] }).at(
    "aws_grafana_role_association.grafana_admins",
  );
  expect(association).not.toHaveProperty("user_ids");
  expect(association.group_ids).toEqual(["g"]);
});

test("another list of administrators replaces the old one, because an update of it removes nobody", () => {
  const first = grafana(center);
  const second = grafana({ ...center, adminUsers: [] });
  const tag = (stack: typeof first) =>
    stack.at("aws_grafana_workspace.grafana").tags.Administrators as string;
  expect(tag(first)).toBe(tag(grafana(center)));
  expect(tag(second)).not.toBe(tag(first));
  expect(first.at("aws_grafana_role_association.grafana_admins").lifecycle).toEqual({
    replace_triggered_by: ["aws_grafana_workspace.grafana.tags"],
  });
});

test("with SAML, values of the assertion make administrators and editors", () => {
  const stack = grafana({
    kind: "saml",
    metadataUrl: "https://idp.example/metadata",
    roleAttribute: "role",
    adminRoles: ["ops"],
    editorRoles: ["dev"],
  });
  expect(stack.at("aws_grafana_workspace.grafana").authentication_providers).toEqual(["SAML"]);
  expect(stack.at("aws_grafana_workspace_saml_configuration.grafana_saml")).toMatchObject({
    idp_metadata_url: "https://idp.example/metadata",
    role_assertion: "role",
    admin_role_values: ["ops"],
    editor_role_values: ["dev"],
  });
  expect(stack.of("aws_grafana_role_association")).toEqual([]);
});
