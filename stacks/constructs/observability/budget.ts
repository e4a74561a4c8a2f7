import { BudgetsBudget } from "@cdktf/provider-aws/lib/budgets-budget";
import { Construct } from "constructs";
import type { Check } from "../../lib/validation";
import { physicalName } from "../../lib/names";
import { EMAIL_PATTERN } from "./alarm-topic";
import { optional } from "../../lib/optional";

export interface BudgetSettings {
  /** What the account may cost in a month, in US dollars. */
  readonly monthlyUsd: number;
  /** Who is told besides the topic of the alarms, ten at the most. */
  readonly emails: readonly string[];
}

export interface BudgetProps extends BudgetSettings {
  /** Topic of the alarms, where there is one. */
  readonly topicArn: string | undefined;
}

/** Tells when four fifths of the month's budget are spent, and when all of it is going to be. */
const NOTIFICATION_THRESHOLDS = [
  { notificationType: "ACTUAL", threshold: 80 },
  { notificationType: "FORECASTED", threshold: 100 },
];

/** A budget of everything in the account: tags would miss traffic, and what nobody tagged. */
export class Budget extends Construct {
  constructor(scope: Construct, id: string, { monthlyUsd, emails, topicArn }: BudgetProps) {
    super(scope, id);
    new BudgetsBudget(this, "Default", {
      name: physicalName(this, "budget"),
      budgetType: "COST",
      timeUnit: "MONTHLY",
      limitAmount: String(monthlyUsd),
      limitUnit: "USD",
      notification: NOTIFICATION_THRESHOLDS.map((notification) => ({
        ...notification,
        comparisonOperator: "GREATER_THAN",
        thresholdType: "PERCENTAGE",
        subscriberEmailAddresses: [...emails],
        ...optional({ subscriberSnsTopicArns: topicArn === undefined ? undefined : [topicArn] }),
      })),
    });
  }
}

/** `leastEmails` is 0 where an alarm topic is notified too, otherwise 1. */
export function checkBudget({ monthlyUsd, emails }: BudgetSettings, leastEmails: number, check: Check): void {
  check.number("monthlyUsd", monthlyUsd, { least: 1, most: 10_000_000, unit: "US dollars" });
  check.number("emails.length", emails.length, {
    least: leastEmails,
    most: 10,
    unit: "addresses",
    why: "somebody must be told",
  });
  emails.forEach((email, index) =>
    check.matches(`emails[${index}]`, email, { pattern: EMAIL_PATTERN, allowed: "an e-mail address" }),
  );
}
