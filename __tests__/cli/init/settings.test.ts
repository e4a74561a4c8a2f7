import { generateKeyPairSync } from "node:crypto";
import * as ts from "typescript";
import { accountsType } from "../../../cli/init/accounts";
import { isSample, type Owner, ownSettings, sourceOf } from "../../../cli/init/settings";
import { REGIONS } from "../../../stacks/lib/aws-regions";
import { checkEnvironments, type EnvironmentSettings } from "../../../stacks/settings";
import { testEnvironments } from "../../support/test-environments";

const accounts = { dev: "471112345678", staging: "571112345678", prod: "671112345678" };
const owner: Owner = {
  accounts,
  domain: "videos.example.org",
  zone: undefined,
  repository: "you/streamflow",
  email: "you@example.org",
  region: "eu-west-1",
  terraformCloud: undefined,
};

const publicKey = (): string =>
  generateKeyPairSync("rsa", { modulusLength: 2_048 })
    .publicKey.export({ type: "spki", format: "pem" })
    .toString();

const keys = testEnvironments.map(publicKey);
const own = (change: Partial<Owner> = {}): EnvironmentSettings[] =>
  testEnvironments.map((sample, index) =>
    ownSettings(sample, { ...owner, ...change }, { one: keys[index] ?? "" }),
  );

test.each(REGIONS)("the settings of an owner are right in %s, in S3 and in Terraform Cloud", (region) => {
  for (const terraformCloud of [undefined, "your-organization"]) {
    for (const zone of [undefined, "Z0123456789ABCDEFGHIJ"]) {
      expect(() => checkEnvironments(own({ region, terraformCloud, zone }))).not.toThrow();
    }
  }
});

test("nothing of the sample's owner is left", () => {
  const text = JSON.stringify(own());
  for (const { account, repository, domain, state } of testEnvironments) {
    const bucket = state.kind === "s3" ? state.bucket : account;
    for (const sample of [account, repository, `"${domain}"`, bucket, "@streamflow.com"])
      expect(text).not.toContain(sample);
  }
  expect(isSample(own())).toBe(false);
  expect(isSample(testEnvironments)).toBe(true);
});

test("the domain is prod's, and the others are below it", () => {
  expect(own().map(({ name, domain }) => `${name} ${domain}`)).toEqual([
    "dev dev.videos.example.org",
    "staging staging.videos.example.org",
    "prod videos.example.org",
  ]);
});

test("the file that is written has exactly these settings", () => {
  const { outputText } = ts.transpileModule(sourceOf(own()), {
    compilerOptions: { module: ts.ModuleKind.CommonJS },
  });
  const exported: { environments?: unknown } = {};
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the text is ours
  new Function("exports", outputText)(exported);
  expect(exported.environments).toEqual(own());
});

test("accounts are read, and refused unless each has 12 digits", () => {
  expect(accountsType.read("dev=471112345678, prod=571112345678")).toEqual({
    dev: "471112345678",
    prod: "571112345678",
  });
  for (const wrong of ["dev", "dev=47", "dev=471112345678;prod=1", "=471112345678", ""]) {
    expect(accountsType.read(wrong)).toBeUndefined();
  }
});
