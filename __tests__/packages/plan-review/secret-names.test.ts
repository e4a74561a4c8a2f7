import { isPlace, isSecretName } from "../../../packages/plan-review/secret-names";

const SECRETS = `
  password DB_PASSWORD dbPassword db-password masterUserPassword DBPassword dbpassword DB_PASS KEY_PASSPHRASE pwd
  client_secret clientSecret secret_string authToken STRIPE_API_KEY ApiKey x-api-key apikey AWS_SECRET_ACCESS_KEY
  AccountKey private_key_pem connectionString credentials TOKEN_2 auth`;

const HARMLESS = `
  token_validity_units access_token_validity next_token creation_token client_request_token password_length
  password_policy secret_arn SECRET_NAME key kms_key_id public_key ssh_key_name authorization_type auth_mode bypass
  compass tokens author keyboard`;

const words = (text: string): string[] => text.trim().split(/\s+/);

test.each(words(SECRETS))("%s is the name of a secret", (name) => {
  expect(isSecretName(name)).toBe(true);
});

test.each(words(HARMLESS))("%s is not the name of a secret", (name) => {
  expect(isSecretName(name)).toBe(false);
});

test("a secret's location, unit or existence is no secret", () => {
  const places = [
    "arn:aws:secretsmanager:us-east-1:1:secret:a",
    "alias/media",
    "${var.password}",
    "projects/p/secrets/s",
  ];
  for (const text of [...places, "https://example.com/token", "true", "minutes", "300", "NONE", ""]) {
    expect(isPlace(text)).toBe(true);
  }
  for (const text of ["hunter22", "$ecret-12", "https://a:b@example.com", "12345678", "Minutes1"])
    expect(isPlace(text)).toBe(false);
});
