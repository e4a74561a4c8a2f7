import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findToken, tokenVariable } from "../../../packages/terraform-cloud/token";

const HOST = "app.terraform.io";
let home: string;
beforeEach(() => (home = mkdtempSync(join(tmpdir(), "streamflow-token-"))));
afterEach(() => rmSync(home, { recursive: true }));

test.each([
  ["app.terraform.io", "TF_TOKEN_app_terraform_io"],
  ["my-tfe.example.com", "TF_TOKEN_my__tfe_example_com"],
])("the variable of %s is %s", (hostname, variable) => {
  expect(tokenVariable(hostname)).toBe(variable);
  expect(findToken(hostname, { env: { [variable]: "of the variable" }, home })).toEqual({
    token: "of the variable",
    source: variable,
  });
});

test("a variable may contain the hyphens of a host name", () => {
  const env = { "TF_TOKEN_my-tfe_example_com": "hyphen" };
  expect(findToken("my-tfe.example.com", { env, home })?.token).toBe("hyphen");
});

test("terraform login's token is found", () => {
  mkdirSync(join(home, ".terraform.d"));
  const file = join(home, ".terraform.d", "credentials.tfrc.json");
  writeFileSync(file, JSON.stringify({ credentials: { [HOST]: { token: "of login" } } }));
  expect(findToken(HOST, { env: {}, home })).toEqual({ token: "of login", source: file });
  expect(findToken("other.example.com", { env: {}, home })).toBeUndefined();
});

test("a credentials block is found, in the file that a variable names or in the home folder", () => {
  const block = (token: string) =>
    `disable_checkpoint = true\ncredentials "${HOST}" {\n  token = "${token}"\n}\n`;
  writeFileSync(join(home, ".terraformrc"), block("of home"));
  expect(findToken(HOST, { env: {}, home })?.token).toBe("of home");
  const named = join(home, "ci.tfrc");
  writeFileSync(named, block("of ci"));
  expect(findToken(HOST, { env: { TF_CLI_CONFIG_FILE: named }, home })?.token).toBe("of ci");
});

test("the variable comes first, and an empty one counts as none", () => {
  writeFileSync(join(home, ".terraformrc"), `credentials "${HOST}" {\n  token = "of home"\n}\n`);
  const variable = tokenVariable(HOST);
  expect(findToken(HOST, { env: { [variable]: "first" }, home })?.token).toBe("first");
  expect(findToken(HOST, { env: { [variable]: "" }, home })?.token).toBe("of home");
});

describe("a credentials helper", () => {
  /** Writes the CLI configuration and the program, which prints what it is asked with the token. */
  function writeHelper(script: string, args = ""): string {
    writeFileSync(join(home, ".terraformrc"), `credentials_helper "store" {\n  ${args}\n}\n`);
    const folder = join(home, ".terraform.d", "plugins");
    mkdirSync(folder, { recursive: true });
    const program = join(folder, "terraform-credentials-store");
    writeFileSync(program, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return program;
  }
  const env = { PATH: process.env.PATH };

  test("is asked for the host with its arguments", () => {
    const program = writeHelper(`printf '{"token":"%s"}' "$*"`, 'args = ["--path", "a b"]');
    expect(findToken(HOST, { env, home })).toEqual({ token: `--path a b get ${HOST}`, source: program });
  });

  test("is asked last", () => {
    writeHelper(`echo '{"token":"of the helper"}'`);
    const configuration = join(home, ".terraformrc");
    const helper = readFileSync(configuration, "utf8");
    writeFileSync(configuration, `${helper}credentials "${HOST}" {\n  token = "of the block"\n}\n`);
    expect(findToken(HOST, { env, home })?.token).toBe("of the block");
    expect(findToken("other.example.com", { env, home })?.token).toBe("of the helper");
  });

  test("may know no token", () => {
    writeHelper("echo '{}'");
    expect(findToken(HOST, { env, home })).toBeUndefined();
  });

  test("that fails, or is missing, is named without what it printed", () => {
    const program = writeHelper(`echo '{"token":"half'; exit 3`);
    expect(() => findToken(HOST, { env, home })).toThrow(`${program} failed: exit code 3`);
    rmSync(program);
    expect(() => findToken(HOST, { env, home })).toThrow(
      /names the credentials helper "store", and terraform-credentials-store is not in .*plugins/,
    );
  });
});
