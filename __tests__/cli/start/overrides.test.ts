import { overrides } from "../../../cli/start/overrides";

describe("the override file", () => {
  it("limits the provider's retries and leaves a state in S3 where it is", () => {
    const s3Backend = { bucket: "state", region: "us-east-1", key: "k" };
    expect(overrides({ s3Backend }, "/tmp/state")).toEqual({ provider: { aws: [{ max_retries: 4 }] } });
  });

  it("keeps a state of Terraform Cloud in a file", () => {
    expect(overrides({ s3Backend: undefined }, "/tmp/state")).toMatchObject({
      terraform: { backend: { local: { path: "/tmp/state" } } },
    });
  });
});
