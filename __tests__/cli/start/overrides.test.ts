import { overrides } from "../../../cli/start/overrides";
import type { Configuration } from "../../../cli/lib/synthesize";

const stack = (terraform: Configuration["terraform"]) => ({
  name: "streamflow-dev",
  folder: "/nowhere",
  sha256: "",
  configuration: { terraform, provider: { aws: [{ region: "us-east-1" }] } },
});

describe("the override file", () => {
  it("limits the provider's retries and leaves a state in S3 where it is", () => {
    const backend = { s3: { bucket: "state", region: "us-east-1", key: "k" } };
    expect(overrides(stack({ backend }), "/tmp/state")).toEqual({ provider: { aws: [{ max_retries: 4 }] } });
  });

  it("keeps a state of Terraform Cloud in a file", () => {
    expect(overrides(stack({ cloud: {} }), "/tmp/state")).toMatchObject({
      terraform: { backend: { local: { path: "/tmp/state" } } },
    });
  });
});
