import { defineRule, each, type Fault } from "../rule";
import type { Resource } from "@packages/terraform/synthesized-stack";

const DESCRIPTION_END = /First: \S.*\. Owner: \S.*\. Runbook: https:\/\/\S+\/docs\/runbooks\/[\w-]+\.md$/;

export const alarmHasActionAndRunbook = defineRule({
  id: "alarm-has-action-and-runbook",
  sentence: "An alarm has an action, and its description names the first step, an owner and a runbook.",
  source: "https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html#cloudwatch-15",
  code: {
    "stacks/constructs/observability/metric-alarms.ts": ["alarmActions"],
    "stacks/constructs/observability/alarm-definition.ts": ["description()"],
  },
  find: each(["aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm"], (alarm, stack) => {
    // A composite alarm notifies for the alarms in its rule.
    const isInComposite = stack
      .of("aws_cloudwatch_composite_alarm")
      .some((composite) => mentions(composite.at("alarm_rule").text, alarm));
    if (isInComposite || onlyScales(alarm.at("alarm_actions").texts)) return [];
    const faults: Fault[] = [];
    if (alarm.at("alarm_actions").list.length === 0 || alarm.at("actions_enabled").raw === false) {
      faults.push({
        finding: "no action runs when the alarm fires",
        remedy: "set alarmActions to the ARN of the alarm topic, and do not set actionsEnabled to false",
      });
    }
    if (!DESCRIPTION_END.test(alarm.at("alarm_description").text)) {
      faults.push({
        finding: "the description does not end with the first step, an owner and the link to a runbook",
        remedy: "set alarmDescription to the result of description()",
      });
    }
    return faults;
  }),
});

/** Whether every action of an alarm is a scaling policy, so that it needs no person. */
function onlyScales(actions: readonly string[]): boolean {
  return actions.length > 0 && actions.every((action) => action.startsWith("${aws_appautoscaling_policy."));
}

/** Whether the rule of a composite alarm mentions an alarm, by reference or by name. */
function mentions(rule: string, alarm: Resource): boolean {
  const name = alarm.at("alarm_name").text;
  const mentioned = [...rule.matchAll(/\(\s*"?([^()"]+)"?\s*\)/g)].map(([, one = ""]) => one.trim());
  return mentioned.some((one) => one === name || one.startsWith(`\${${alarm.address}.`));
}
