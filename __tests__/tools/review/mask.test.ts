import { masked, MASKED, maskedText, unmarkedSecrets } from "../../../tools/review/mask";

/** Put together here, so that no scanner takes this file for a leak. */
const secrets = [
  ["an access key", `AKIA${"QX7M4Z2LRT9VB8NK"}`],
  ["a GitHub token", `ghp_${"k7Q2mZx9Lr4TvB8n".repeat(2)}`],
  ["a JWT", `${"eyJhbGciOiJIUzI1NiJ9"}.${"eyJzdWIiOiIxMjM0In0"}.${"c2lnbmF0dXJl"}`],
  ["a private key", `-----BEGIN ${"RSA PRIVATE"} KEY-----\nMIIEow\n-----END ${"RSA PRIVATE"} KEY-----`],
] as const;

test.each(secrets)("masks %s within a text", (_, secret) => {
  expect(maskedText(`before ${secret} after`)).toBe(`before ${MASKED} after`);
});

test("masks a password in a URL and after its name, and leaves the rest", () => {
  expect(maskedText("postgres://media:hunter22@db:5432/x")).toBe(`postgres://media:${MASKED}@db:5432/x`);
  expect(maskedText('{"password":"hunter22","user":"media"}')).toBe(
    `{"password":"${MASKED}","user":"media"}`,
  );
});

test("masks by the attribute's name, but not what only says where a secret is", () => {
  expect(masked({ master_password: "hunter22", auth_token: "abcdefgh" }, undefined)).toEqual({
    master_password: MASKED,
    auth_token: MASKED,
  });
  const places = {
    secret: "arn:aws:secretsmanager:us-east-1:1:secret:database-ea0d1e",
    token: "true",
    DATABASE_SECRET_ARN: "arn:aws:secretsmanager:us-east-1:1:secret:database-ea0d1e",
  };
  expect(masked(places, undefined)).toEqual(places);
});

test("masks what Terraform marks, whole or in part, and keeps what is not there", () => {
  expect(masked({ a: { b: 1, c: [1, 2] }, d: null }, { a: { c: [false, true] }, d: true })).toEqual({
    a: { b: 1, c: [1, MASKED] },
    d: null,
  });
  expect(masked({ a: 1 }, true)).toBe(MASKED);
});

test("finds where secrets are that nobody marked", () => {
  const value = { env: { KEY: `AKIA${"QX7M4Z2LRT9VB8NK"}`, NAME: "x" }, password: "hunter22" };
  expect([...unmarkedSecrets(value, { password: true }).keys()]).toEqual(["env.KEY"]);
});
