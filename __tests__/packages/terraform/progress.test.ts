import { Progress } from "../../../packages/terraform/progress";
import { describeDiagnostic, parseEvent } from "../../../packages/terraform/events";

const event = (type: string, addr: string, action = "create") => ({
  type,
  "@message": "",
  hook: { resource: { addr }, action },
});

describe("the progress of an apply", () => {
  it("shows the number completed, the slowest resource and the number in progress", () => {
    const progress = new Progress(4);
    expect(progress.status(0)).toBe("0 of 4");
    progress.on(event("apply_start", "aws_db_instance.database"), 1_000);
    progress.on(event("apply_start", "aws_vpc.network"), 2_000);
    progress.on(event("apply_start", "aws_sqs_queue.media"), 3_000);
    progress.on(event("apply_complete", "aws_vpc.network"), 12_000);
    expect(progress.status(70_000)).toBe("1 of 4, waiting for aws_db_instance.database (69 s) and 1 more");
    progress.on(event("apply_complete", "aws_db_instance.database"), 71_000);
    expect(progress.status(72_000)).toBe("2 of 4, waiting for aws_sqs_queue.media (69 s)");
  });

  it("keeps a replaced resource's two actions apart", () => {
    const progress = new Progress(2);
    progress.on(event("apply_start", "aws_vpc.network", "delete"), 0);
    progress.on(event("apply_start", "aws_vpc.network", "create"), 0);
    progress.on(event("apply_complete", "aws_vpc.network", "create"), 1_000);
    expect(progress.status(5_000)).toBe("1 of 2, waiting for aws_vpc.network (5 s)");
  });

  it("does not count what failed as done", () => {
    const progress = new Progress(1);
    progress.on(event("apply_start", "aws_vpc.network"), 0);
    progress.on(event("apply_errored", "aws_vpc.network"), 1_000);
    expect(progress.status(2_000)).toBe("0 of 1");
  });
});

describe("a line of Terraform", () => {
  it("is read as an event when it is one", () => {
    expect(parseEvent('{"type":"version","@message":"Terraform 1.11.4"}')?.type).toBe("version");
    for (const line of ["", "Warning: something", "{broken", '{"@message":"no type"}']) {
      expect(parseEvent(line)).toBeUndefined();
    }
  });

  it("that is an error names the resource, what went wrong and why", () => {
    const detail = "operation error RDS: CreateDBInstance\n\n  StatusCode: 501";
    const error = {
      severity: "error" as const,
      summary: "creating RDS DB Instance",
      detail,
      address: "aws_db_instance.a",
    };
    expect(describeDiagnostic(error)).toBe(
      "aws_db_instance.a: creating RDS DB Instance\n  operation error RDS: CreateDBInstance\n  StatusCode: 501",
    );
    expect(describeDiagnostic({ severity: "error", summary: "no configuration" })).toBe("no configuration");
  });

  it("of a function that failed is one line without its stack, with the log group", () => {
    const failed = (payload: string) =>
      describeDiagnostic({
        severity: "error",
        summary: `invoking Lambda Function (migrate): ${payload}`,
        detail: "",
        address: "aws_lambda_invocation.i",
      });
    const error = { errorType: "Error", errorMessage: "migration 0002-b failed", trace: ["at a", "at b"] };
    expect(failed(JSON.stringify(error))).toBe(
      "aws_lambda_invocation.i: the function migrate failed (log group /aws/lambda/migrate): Error: migration 0002-b failed",
    );
    for (const other of ["operation error Lambda: Invoke", "{broken}", '{"errorMessage":"no type"}']) {
      expect(failed(other)).toBe(`aws_lambda_invocation.i: invoking Lambda Function (migrate): ${other}`);
    }
  });
});
