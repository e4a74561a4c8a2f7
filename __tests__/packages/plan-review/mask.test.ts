import {
  distinctCover,
  eitherMarks,
  masked,
  MASKED,
  maskedText,
  noting,
  uncovered,
} from "../../../packages/plan-review/mask";

/** Joined here, so that secret scanners do not report this file. */
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

test("keeps variables of a script, and masks a password that starts like one", () => {
  const script =
    'TOKEN=$(curl -s http://169.254.169.254/latest/api/token)\nexport DB_PASSWORD="$PASSWORD_FILE"';
  expect(maskedText(script)).toBe(script);
  expect(maskedText("MYSQL_ROOT_PASSWORD=hunter22 mysqld")).toBe(`MYSQL_ROOT_PASSWORD=${MASKED} mysqld`);
  expect(maskedText("$ecret-12", "password")).toBe(MASKED);
});

test("masks by the attribute's name, but not references to a secret", () => {
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

test("masks what Terraform marks, in full or in part, and keeps missing values", () => {
  expect(masked({ a: { b: 1, c: [1, 2] }, d: null }, { a: { c: [false, true] }, d: true })).toEqual({
    a: { b: 1, c: [1, MASKED] },
    d: null,
  });
  expect(masked({ a: 1 }, true)).toBe(MASKED);
});

function unmarked(value: unknown, marks?: unknown): Map<string, unknown> {
  const found = new Map<string, unknown>();
  masked(value, marks, { cover: noting(found) });
  return found;
}

test("finds secrets that are not marked as sensitive", () => {
  const value = { env: { KEY: `AKIA${"QX7M4Z2LRT9VB8NK"}`, NAME: "x" }, password: "hunter22" };
  expect([...unmarked(value, { password: true }).keys()]).toEqual(["env.KEY"]);
});

const environment = (value: string) => JSON.stringify([{ environment: [{ name: "dbPassword", value }] }]);

test("masks the value of a pair with a secret's name, in blocks and in JSON texts", () => {
  expect(masked({ setting: [{ name: "API_KEY", value: "hunter22" }] }, undefined)).toEqual({
    setting: [{ name: "API_KEY", value: MASKED }],
  });
  expect(masked({ container_definitions: environment("hunter22") }, undefined)).toEqual({
    container_definitions: environment(MASKED),
  });
});

test("shows the value of a pair without a secret's name, and keeps its text unchanged", () => {
  const harmless = { container_definitions: '[ {"environment": [{"name": "STAGE", "value": "prod-eu"}]} ]' };
  expect(masked(harmless, undefined)).toEqual(harmless);
  const reference = {
    secrets: [{ name: "DB_PASSWORD", valueFrom: "arn:aws:ssm:us-east-1:1:parameter/password" }],
  };
  expect(masked(reference, undefined)).toEqual(reference);
  const units = { token_validity_units: [{ access_token: "minutes", refresh_token: "days" }] };
  expect(masked(units, undefined)).toEqual(units);
});

test("masks on both sides what is marked on either, also where the order changed", () => {
  const marks = eitherMarks(
    { a: true, list: [{ pin: true }] },
    { b: { c: true }, list: [{}, { pin: true }] },
  );
  const value = {
    a: "one",
    b: { c: "two", d: "four" },
    list: [
      { pin: "p1", n: 1 },
      { pin: "p2", n: 2 },
    ],
  };
  expect(masked(value, marks)).toEqual({
    a: MASKED,
    b: { c: MASKED, d: "four" },
    list: [
      { pin: MASKED, n: 1 },
      { pin: MASKED, n: 2 },
    ],
  });
  expect(eitherMarks(false, { a: true })).toEqual({ a: true });
  expect(eitherMarks(true, {})).toBe(true);
});

test("finds the shortest token that has a pattern", () => {
  const token = ["xo", "xb-0123456789"].join("");
  expect(masked({ note: token, other: "0123456789" }, undefined)).toEqual({
    note: MASKED,
    other: "0123456789",
  });
});

test("uses a different placeholder for each value until they are shown", () => {
  const cover = distinctCover();
  const [one, again, other] = ["one", "one", "two"].map((value) => masked(value, true, { cover }));
  expect(one).toBe(again);
  expect(one).not.toBe(other);
  expect(uncovered([one, { a: other }])).toEqual([MASKED, { a: MASKED }]);
});

test("finds secrets in pairs by the pair's name, and ignores units and short words", () => {
  const found = unmarked(
    {
      container_definitions: environment("hunter22"),
      token_validity_units: [{ access_token: "minutes" }],
      auth: "basic",
    },
    undefined,
  );
  expect([...found]).toEqual([["container_definitions.0.environment.0.dbPassword", "hunter22"]]);
});

test("a long text is masked only where it contains a secret", () => {
  const text = "a".repeat(200_000);
  expect(maskedText(text)).toBe(text);
  expect(maskedText(`${text} DB_PASSWORD=hunter22`)).toBe(`${text} DB_PASSWORD=${MASKED}`);
});
