import { BudgetsBudget } from "@cdktf/provider-aws/lib/budgets-budget";
import { Construct } from "constructs";
import { physicalName } from "../../lib/names";
import { optional } from "../../lib/optional";
import type { BudgetSettings } from "./settings";

export interface BudgetProps extends BudgetSettings {
  /** Topic of the alarms; undefined if alarms are off. */
  readonly topicArn: string | undefined;
}

/** Notifications at 80 % of the budget spent, and at a forecast of more than 100 %. */
const NOTIFICATION_THRESHOLDS = [
  { notificationType: "ACTUAL", threshold: 80 },
  { notificationType: "FORECASTED", threshold: 100 },
];

/** A budget for the whole account: a budget by tag would miss traffic and untagged resources. */
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
