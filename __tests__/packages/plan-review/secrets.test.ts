import { html } from "../../../packages/plan-review/html";
import { visibleJson } from "../../../packages/plan-review/escape";
import { markdown } from "../../../packages/plan-review/markdown";
import { reviewOf } from "../../../packages/plan-review/review";
import { planOf } from "./plans";

/** A secret of an everyday form. */
const S = "hunter2-Zx9q";
const encoded = (text: string): string => Buffer.from(text).toString("base64");

/** Everything that a review of one changed resource shows. */
function shown(change: object, address = "acme_x.x"): string {
  const [type = "", name = ""] = address.split(".");
  const resource = { address, mode: "managed" as const, type, name, change };
  const review = reviewOf({ ...planOf({}), resource_changes: [resource as never] }, { stack: "s" });
  return markdown([review], { longest: 65_536 }) + html([review]) + visibleJson([review]);
}

const update = (after: object) => ({ actions: ["update"], before: { z: 1 }, after });

const VALUES: readonly (readonly [string, string, object])[] = [
  ["a name in kebab-case", "acme_x.x", { "db-password": S }],
  ["a name in snake_case", "acme_x.x", { db_password: S }],
  ["a name in camelCase", "acme_x.x", { dbPassword: S }],
  ["a header", "acme_x.x", { headers: { Authorization: `Bearer ${S}` } }],
  ["a header in a text", "acme_x.x", { text: `Authorization: Bearer ${S}` }],
  ["a header with a user and password", "acme_x.x", { text: `Authorization: Basic ${encoded("user:" + S)}` }],
  ["a header with a key", "acme_x.x", { headers: { "X-Api-Key": S } }],
  ["a pair of name and value", "acme_x.x", { custom_header: [{ name: "X-Api-Key", value: S }] }],
  ["an option of a command line with =", "acme_x.x", { command: `run --password=${S} --x` }],
  ["an option of a command line", "acme_x.x", { command: `run --password ${S}` }],
  ["an option in a list", "acme_x.x", { command: ["run", "--token", S] }],
  ["the password of mysql -p", "acme_x.x", { command: `mysql -uroot -p${S} db` }],
  ["the password of curl -u", "acme_x.x", { command: `curl -u admin:${S} https://x` }],
  ["a connection string", "acme_x.x", { connection: `Server=x;Password=${S};` }],
  [
    "an account key",
    "acme_x.x",
    { c: `DefaultEndpointsProtocol=https;AccountName=a;AccountKey=${S}${S}==;EndpointSuffix=x` },
  ],
  ["the signature of a signed URL", "acme_x.x", { c: `https://x.blob.core.windows.net/c?sv=1&sig=${S}` }],
  ["a shared access key", "acme_x.x", { c: `Endpoint=sb://x/;SharedAccessKeyName=r;SharedAccessKey=${S}=` }],
  ["a URL", "acme_x.x", { u: `postgres://u:${S}@h/db` }],
  ["a URL without a user", "acme_x.x", { u: `redis://:${S}@h` }],
  ["the query of a URL", "acme_x.x", { u: `https://h/?api_key=${S}` }],
  ["a PEM block", "acme_x.x", { k: `-----BEGIN RSA PRIVATE KEY-----\n${S}\n-----END RSA PRIVATE KEY-----` }],
  [
    "a PGP block",
    "acme_x.x",
    { k: `-----BEGIN PGP PRIVATE KEY BLOCK-----\n${S}\n-----END PGP PRIVATE KEY BLOCK-----` },
  ],
  ["JSON", "acme_x.x", { j: JSON.stringify({ password: S }) }],
  ["nested JSON", "acme_x.x", { j: JSON.stringify({ a: [{ client_secret: S }] }) }],
  ["YAML", "acme_x.x", { y: `db:\n  password: ${S}\n` }],
  ["quoted YAML", "acme_x.x", { y: `db:\n  password: "${S}"\n` }],
  ["a script", "acme_x.x", { user_data: `export DB_PASSWORD=${S}` }],
  ["a script with quotes", "acme_x.x", { user_data: `export DB_PASSWORD='${S}'` }],
  [
    "a script in base64",
    "aws_instance.x",
    { user_data_base64: encoded(`#!/bin/sh\nexport DB_PASSWORD=${S}`) },
  ],
  ["JSON in base64", "acme_x.x", { data: encoded(JSON.stringify({ password: S })) }],
  [
    "a key in base64",
    "acme_x.x",
    { data: encoded(`-----BEGIN PRIVATE KEY-----\n${S}\n-----END PRIVATE KEY-----`) },
  ],
  ["user data in base64", "aws_instance.x", { user_data: encoded(`DB_PASSWORD=${S}`) }],
  ["HCL", "acme_x.x", { t: `password = "${S}"` }],
  ["XML", "acme_x.x", { t: `<password>${S}</password>` }],
  ["npm settings", "acme_x.x", { t: `//registry/:_authToken=${S}` }],
  ["a netrc file", "acme_x.x", { t: `machine h login u password ${S}` }],
  ["Docker's settings", "acme_x.x", { t: JSON.stringify({ auths: { h: { auth: encoded("u:" + S) } } }) }],
  ["Secrets Manager's value", "aws_secretsmanager_secret_version.x", { secret_string: S }],
  ["an SSM parameter", "aws_ssm_parameter.x", { type: "SecureString", value: S, name: "x" }],
  ["a Kubernetes secret", "kubernetes_secret.x", { data: { a: S } }],
  ["a Key Vault secret", "azurerm_key_vault_secret.x", { value: S }],
  ["a Secret Manager version", "google_secret_manager_secret_version.x", { secret_data: S }],
  ["a Vault secret", "vault_generic_secret.x", { data_json: JSON.stringify({ x: S }) }],
  ["a GitHub secret", "github_actions_secret.x", { plaintext_value: S }],
  ["a login profile", "aws_iam_user_login_profile.x", { password: S }],
  ["a generated password", "random_password.x", { result: S }],
  ["a generated key", "tls_private_key.x", { private_key_pem: S }],
  ["a tag", "acme_x.x", { tags: { ApiKey: S } }],
  ["an application setting", "acme_x.x", { app_settings: { ConnectionStrings__Db: `Server=x;Pwd=${S}` } }],
];

test.each(VALUES)("a secret in %s is shown nowhere", (_, address, after) => {
  const text = shown(update(after), address);
  expect(text).not.toContain(S);
  const forms = JSON.stringify(after).match(/[\w+/]{16,}={0,2}/g) ?? [];
  for (const form of forms.filter((one) => Buffer.from(one, "base64").includes(S)))
    expect(text).not.toContain(form);
});

test.each<[string, object, string?]>([
  ["a key of for_each", update({ a: 2 }), `acme_x.x["postgres://u:${S}@h"]`],
  ["the path of a replacement", { ...update({ m: 1 }), replace_paths: [["m", `password=${S}`]] }],
  ["the id of an import", { ...update({ a: 2 }), importing: { id: `https://u:${S}@h` } }],
  ["the identity of an import", { ...update({ a: 2 }), importing: { identity: { password: S } } }],
  [
    "a value that was marked before",
    {
      actions: ["update"],
      before: { v: `${S}1` },
      after: { v: S },
      before_sensitive: { v: true },
      after_sensitive: {},
    },
  ],
  [
    "a list whose marked item changes its place",
    {
      actions: ["update"],
      before: { l: ["a", S] },
      after: { l: [S, "b"] },
      before_sensitive: { l: [false, true] },
      after_sensitive: { l: [true, false] },
    },
  ],
  ["a deleted resource", { actions: ["delete"], before: { password: S }, after: null }],
])("a secret in %s is shown nowhere", (...[, change, address]) => {
  expect(shown(change, address)).not.toContain(S);
});

test.each<[string, object]>([
  ["units", { token_validity_units: [{ access_token: "minutes" }] }],
  ["a token of a page", { next_token: "abcdef-123456" }],
  [
    "the ARN and the name of a secret",
    {
      secret_arn: "arn:aws:secretsmanager:us-east-1:111122223333:secret:x-AbC",
      password_secret_name: "db/password",
    },
  ],
  ["an object's key", { key: "some/object/key.txt" }],
  ["a public key", { public_key: "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQ x" }],
  ["a hash", { source_code_hash: "n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=" }],
  ["enums and numbers", { token_type: "Bearer", require_tokens: "true", max_tokens: 4096 }],
  ["an image's digest", { image: `app@sha256:${"a".repeat(64)}` }],
  ["the authorization of a route", { authorization: "COGNITO_USER_POOLS" }],
])("%s is no secret", (_, after) => {
  const text = shown(update(after));
  expect(text).not.toContain("(sensitive value)");
  expect(text).not.toContain("looks like a secret");
});

test("the search for secrets takes linear time in the length of a text", () => {
  const texts = [
    `${"a".repeat(100_000)}!`,
    `curl ${"-u ".repeat(30_000)}`,
    "mysql ".repeat(20_000),
    "<a>".repeat(30_000),
    `${"password ".repeat(10_000)}`,
  ];
  const start = process.cpuUsage().user;
  for (const text of texts) shown(update({ text }));
  expect((process.cpuUsage().user - start) / 1e6).toBeLessThan(5);
});
