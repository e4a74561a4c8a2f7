import { execFileSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeEnvironmentFile } from "../../../cli/start/env-file";

const place = {
  endpoint: "http://127.0.0.1:4566",
  region: "us-east-1",
  registry: "http://127.0.0.1:4569",
  product: "http://localhost:4568",
};

function sourced(source: "PATH" | "downloaded"): Record<string, string> {
  const file = join(mkdtempSync(join(tmpdir(), "env-")), "emulator.env");
  const executable = { path: "/a b/it's/terraform", version: "1.11.4", source };
  writeEnvironmentFile(file, place, { executable, mirror: undefined, env: { TF_CLI_CONFIG_FILE: "/rc" } });
  const printed = execFileSync("/bin/sh", ["-c", 'set -a; . "$1"; set +a; exec env -0', "sh", file], {
    encoding: "utf8",
    env: { AWS_PROFILE: "prod", PATH: process.env.PATH },
  });
  return Object.fromEntries(
    printed.split("\0").map((line) => line.split(/=(.*)/s).slice(0, 2) as [string, string]),
  );
}

describe("the environment file", () => {
  it("points every AWS client of a shell at the emulator, and at no account of this machine", () => {
    expect(sourced("PATH")).toMatchObject({
      AWS_ENDPOINT_URL: "http://127.0.0.1:4566",
      STREAMFLOW_URL: "http://localhost:4568",
      AWS_REGION: "us-east-1",
      AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
      TF_CLI_CONFIG_FILE: "/rc",
    });
    expect(sourced("PATH")).not.toHaveProperty("AWS_PROFILE");
  });

  it("names Terraform's program to cdktf only when it is not on PATH", () => {
    expect(sourced("downloaded").TERRAFORM_BINARY_NAME).toBe("/a b/it's/terraform");
    expect(sourced("PATH")).not.toHaveProperty("TERRAFORM_BINARY_NAME");
  });
});
