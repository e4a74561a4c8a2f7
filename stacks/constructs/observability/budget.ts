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

export function checkBudget({ monthlyUsd, emails }: BudgetSettings, told: boolean, check: Check): void {
  check.within("monthlyUsd", monthlyUsd, 1, 10_000_000, "US dollars");
  check.within("emails.length", emails.length, told ? 0 : 1, 10, "addresses", "somebody must be told");
  emails.forEach((email, index) =>
    check.matches(`emails[${index}]`, email, EMAIL_PATTERN, "an e-mail address"),
  );
}
