import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import type { TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { optional } from "../../lib/optional";
import { encryptionKeyArn } from "../encryption/encryption-keys";
import type { LogSettings } from "./settings";

export interface LogGroupProps extends LogSettings {
  /** `/aws/<service>/<resource>`, as the service expects. */
  readonly name: string;
  /** Provider of the writer's region, if it differs. */
  readonly provider?: TerraformProvider | undefined;
}

/** A log group that is created before its writer; otherwise services create one without retention. */
export class LogGroup extends Construct {
  readonly name: string;
  readonly arn: string;
  /** For `dependsOn` of the writer. */
  readonly resource: CloudwatchLogGroup;

  constructor(scope: Construct, id: string, props: LogGroupProps) {
    super(scope, id);
    this.resource = new CloudwatchLogGroup(this, "Default", {
      name: props.name,
      retentionInDays: props.retentionDays,
      ...optional({ provider: props.provider, kmsKeyId: encryptionKeyArn(this, props.provider) }),
    });
    this.name = this.resource.name;
    this.arn = this.resource.arn;
  }
}

/**
 * Resources of a permission on a log group and on its streams. IAM evaluates actions on the group itself, such as
 * CreateLogGroup, with an empty stream: `…:log-group:NAME:log-stream:`. A pattern that ends with `*` covers both.
 */
export function logGroupResources(groupArn: string): string[] {
  return groupArn.endsWith("*") ? [groupArn] : [groupArn, ...logStreamResources(groupArn)];
}

/** Resources of a permission to write to the streams of a log group. */
export function logStreamResources(groupArn: string): string[] {
  return [`${groupArn}:*`];
}
