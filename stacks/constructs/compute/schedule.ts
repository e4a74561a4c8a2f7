import { SchedulerSchedule } from "@cdktf/provider-aws/lib/scheduler-schedule";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { physicalName } from "../../lib/names";
import { optional } from "../../lib/optional";
import type { Permission } from "../../lib/permissions";
import { ServiceRole } from "./service-role";

/** What a schedule calls or sends to, and the permission that this takes. */
export interface ScheduleTarget {
  readonly arn: string;
  readonly permission: Permission;
}

export interface ScheduleProps {
  /** Account of the schedule. */
  readonly account: string;
  /** `rate(5 minutes)`, `cron(0 3 * * ? *)`, or once: `at(2027-01-31T03:00:00)`. */
  readonly expression: string;
  /**
   * Time zone of `cron` and `at`, such as `Europe/Lisbon`.
   * @default UTC
   */
  readonly timeZone?: string;
  /** `scheduleTarget()` of a `NodeFunction` or a `WorkQueue`. */
  readonly target: ScheduleTarget;
  /**
   * JSON that the target receives.
   * @default EventBridge's event, of which `time` says when it was due
   */
  readonly input?: object;
  /**
   * Attempts after one that did not reach the target, 0 to 185, for up to 24 hours.
   * @default 185
   */
  readonly retries?: number;
  /**
   * Resources that must be there before its first call.
   * @default only its target
   */
  readonly after?: readonly ITerraformDependable[];
}

/**
 * Calls a function, or sends a message to a queue, at times. EventBridge Scheduler delivers at least once.
 *
 * ```ts
 * new Schedule(this, "nightly", { account, expression: "cron(0 3 * * ? *)", target: sweep.scheduleTarget() });
 * ```
 */
export class Schedule extends Construct {
  constructor(scope: Construct, id: string, props: ScheduleProps) {
    super(scope, id);
    const { account, expression, timeZone, target, input, retries, after = [] } = props;
    const role = new ServiceRole(this, "role", {
      service: "scheduler.amazonaws.com",
      permissions: [target.permission],
      // Schedules of other accounts can't use it:
      // https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
      trustConditions: { StringEquals: { "aws:SourceAccount": account } },
    });
    new SchedulerSchedule(this, "Default", {
      name: physicalName(this, "schedule"),
      scheduleExpression: expression,
      ...optional({ scheduleExpressionTimezone: timeZone }),
      flexibleTimeWindow: { mode: "OFF" },
      target: {
        arn: target.arn,
        roleArn: role.arn,
        ...optional({
          input: input === undefined ? undefined : JSON.stringify(input),
          retryPolicy: retries === undefined ? undefined : { maximumRetryAttempts: retries },
        }),
      },
      // Without its policy the first call would be refused.
      dependsOn: [...role.resources, ...after],
    });
  }
}
